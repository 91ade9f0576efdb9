import { assertHolds, assertResolved } from "../harness/assertions.ts";
import { clause } from "../harness/clause.ts";

export const roundTrip = clause("round-trip", [], {
  "a record comes back as it was saved": async (store, fixture) => {
    const handle = fixture.handle();
    const record = fixture.record({ owner: "ada" });
    assertResolved(await store.save(handle, record), true, "a first save()", "nothing was there");
    await assertHolds(store, handle, record, "what was saved is loaded");
  },
  "a record without an owner comes back without the property": async (store, fixture) => {
    const handle = fixture.handle();
    const record = fixture.record();
    await store.save(handle, record);
    await assertHolds(store, handle, record, "owner is absent, never undefined or null");
  },
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
  "times keep every millisecond": async (store, fixture) => {
    const handle = fixture.handle();
    const now = fixture.time.now();
    const record = fixture.record({ createdAt: now - 1_234_567, expiresAt: now + 987_654_321 });
    await store.save(handle, record);
    await assertHolds(store, handle, record, "times are milliseconds, not rounded to seconds");
  },
  "the earliest and the latest time come back": async (store, fixture) => {
    const handle = fixture.handle();
    const endOf9999 = Date.UTC(9999, 11, 31, 23, 59, 59, 999);
    const record = fixture.record({ createdAt: 0, expiresAt: endOf9999 });
    await store.save(handle, record);
    await assertHolds(store, handle, record, "times from 1970 to 9999 are legal");
  },
  "sessions saved at the same time do not mix": async (store, fixture) => {
    const saved = [...(await fixture.saveMany(store, 100))];
    for (const [handle, record] of saved) {
      await assertHolds(store, handle, record, "each session has a record of its own");
    }
  },
  "handles that differ only in case are two sessions": async (store, fixture) => {
    const tail = fixture.handle().slice(3);
    const [one, other] = [`~Aa${tail}`, `~aA${tail}`];
    const [record, second] = [fixture.record(), fixture.record()];
    await store.save(one, record);
    const reason = "handles are compared byte by byte";
    assertResolved(await store.save(other, second), true, "save() under the other handle", reason);
    await assertHolds(store, one, record, reason);
    await assertHolds(store, other, second, reason);
  },
});
