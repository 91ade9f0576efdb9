import { assertHolds, assertResolved } from "../harness/assertions.ts";
import { clause } from "../harness/clause.ts";

/** What a handle is made of, behind its `~`. */
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** As far as a `Date` reaches, in ms since the epoch. */
const LATEST_TIME = 8_640_000_000_000_000;

export const roundTrip = [
  ...clause(
    "round-trip",
    { sentence: 3 },
    {
      "a record comes back as it was saved": async (store, fixture) => {
        const handle = fixture.handle();
        const record = fixture.record({ owner: "ada" });
        assertResolved(
          await store.save(handle, record),
          true,
          "a first save()",
          "nothing was there",
        );
        await assertHolds(store, handle, record, "what was saved is loaded");
      },
      "a record without an owner comes back without the property": async (store, fixture) => {
        const handle = fixture.handle();
        const record = fixture.record();
        await store.save(handle, record);
        await assertHolds(store, handle, record, "owner is absent, never undefined or null");
      },
    },
  ),
  ...clause(
    "round-trip",
    { sentence: 9 },
    {
      "a later save replaces the whole record": async (store, fixture) => {
        const handle = fixture.handle();
        const first = fixture.record({ owner: "ada" });
        await store.save(handle, first);
        const second = fixture.next(first, {
          owner: "bob",
          createdAt: first.createdAt - 7,
          expiresAt: first.expiresAt + 7,
        });
        await store.save(handle, second);
        await assertHolds(store, handle, second, "every field comes from the later save");
      },
      "a later save without an owner removes the owner": async (store, fixture) => {
        const handle = fixture.handle();
        const record = fixture.record();
        await store.save(handle, { ...record, owner: "ada" });
        const second = fixture.next(record);
        await store.save(handle, second);
        await assertHolds(store, handle, second, "a field that the later record lacks is gone");
      },
    },
  ),
  ...clause(
    "round-trip",
    { sentence: 2 },
    {
      "times keep every millisecond": async (store, fixture) => {
        const handle = fixture.handle();
        const now = fixture.time.now();
        const record = fixture.record({ createdAt: now - 1_234_567, expiresAt: now + 987_654_321 });
        await store.save(handle, record);
        await assertHolds(store, handle, record, "times are milliseconds, not rounded to seconds");
      },
      "the earliest and the latest time come back": async (store, fixture) => {
        const endOf9999 = Date.UTC(9999, 11, 31, 23, 59, 59, 999);
        for (const expiresAt of [endOf9999, LATEST_TIME - 1, LATEST_TIME]) {
          const handle = fixture.handle();
          const record = fixture.record({ createdAt: 0, expiresAt });
          const reason = "times from 0 to 8,640,000,000,000,000 are legal";
          assertResolved(await store.save(handle, record), true, "save()", reason);
          await assertHolds(store, handle, record, reason);
          const next = fixture.next(record, { createdAt: LATEST_TIME });
          assertResolved(await store.save(handle, next), true, "a later save()", reason);
          await assertHolds(store, handle, next, reason);
        }
      },
      "times of one to six digits come back": async (store, fixture) => {
        // Text that is compared as text would put 9 after 10.
        for (const createdAt of [1, 9, 10, 86_400, 999_999]) {
          const handle = fixture.handle();
          const record = fixture.record({ createdAt });
          await store.save(handle, record);
          await assertHolds(store, handle, record, "times are whole milliseconds since the epoch");
        }
      },
    },
  ),
  ...clause(
    "round-trip",
    { sentence: 1 },
    {
      "sessions saved at the same time do not mix": async (store, fixture) => {
        const saved = [...(await fixture.saveMany(store, 100))];
        for (const [handle, record] of saved) {
          await assertHolds(store, handle, record, "each session has a record of its own");
        }
      },
      "handles of every character of the alphabet are sessions of their own": async (
        store,
        fixture,
      ) => {
        const tail = fixture.handle().slice(2);
        const handles = [...ALPHABET].map((character) => `~${character}${tail}`);
        const saved = handles.map((handle) => [handle, fixture.record()] as const);
        const reason = "a handle is any text of this alphabet, and compared byte by byte";
        for (const [handle, record] of saved) {
          assertResolved(await store.save(handle, record), true, "save()", reason);
        }
        for (const [handle, record] of saved) await assertHolds(store, handle, record, reason);
      },
      "handles that differ only in their last character are two sessions": async (
        store,
        fixture,
      ) => {
        const start = fixture.handle().slice(0, -1);
        const [one, other] = [`${start}A`, `${start}B`];
        const [record, second] = [fixture.record(), fixture.record()];
        const reason = "all 44 characters of a handle count";
        await store.save(one, record);
        assertResolved(
          await store.save(other, second),
          true,
          "save() under the other handle",
          reason,
        );
        await assertHolds(store, one, record, reason);
        await assertHolds(store, other, second, reason);
      },
      "handles that differ only in case are two sessions": async (store, fixture) => {
        const tail = fixture.handle().slice(3);
        const [one, other] = [`~Aa${tail}`, `~aA${tail}`];
        const [record, second] = [fixture.record(), fixture.record()];
        await store.save(one, record);
        const reason = "handles are compared byte by byte";
        assertResolved(
          await store.save(other, second),
          true,
          "save() under the other handle",
          reason,
        );
        await assertHolds(store, one, record, reason);
        await assertHolds(store, other, second, reason);
      },
    },
  ),
];
