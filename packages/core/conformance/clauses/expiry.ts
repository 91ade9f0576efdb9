import {
  assertHandles,
  assertHolds,
  assertHoldsNothing,
  assertResolved,
  collect,
} from "../harness/assertions.ts";
import { clause } from "../harness/clause.ts";
import { pastExpiry } from "./past-expiry.ts";

const MONTH = 30 * 24 * 3_600_000;

export const expiry = [
  ...clause(
    "expiry",
    { sentence: 2 },
    {
      "a record is live until expiresAt and gone from that instant on": async (store, fixture) => {
        const handle = fixture.handle();
        const record = fixture.shortLived();
        await store.save(handle, record);
        if (fixture.time.exact) {
          await fixture.time.reach(record.expiresAt - 1);
          await assertHolds(store, handle, record, "it is live one millisecond before expiresAt");
        }
        await fixture.time.reach(record.expiresAt);
        await assertHoldsNothing(store, handle, "it is gone at expiresAt");
      },
      "a record may live for months or years": async (store, fixture) => {
        // A JavaScript timer of more than 2^31 ms fires at once.
        for (const life of [MONTH, 12 * MONTH, 400 * MONTH]) {
          const handle = fixture.handle();
          const record = fixture.record({ expiresAt: fixture.time.now() + life });
          await store.save(handle, record);
          await fixture.time.reach(fixture.time.now() + 5);
          await assertHolds(store, handle, record, `it lives for ${life} ms`);
        }
      },
    },
  ),
  ...clause(
    "expiry",
    { sentence: 10 },
    {
      "a first save over an expired record is written": async (store, fixture) => {
        const handle = fixture.handle();
        const old = fixture.shortLived({ owner: "ada" });
        await store.save(handle, old);
        await fixture.time.reach(old.expiresAt);
        const record = fixture.record();
        const saved = await store.save(handle, record);
        assertResolved(saved, true, "save() of revision 1", "an expired record counts as none");
        await assertHolds(store, handle, record, "nothing of the expired record is left");
      },
      "a later revision does not revive an expired session": async (store, fixture) => {
        const handle = fixture.handle();
        const old = fixture.shortLived();
        await store.save(handle, old);
        await fixture.time.reach(old.expiresAt);
        const next = fixture.next(old, { expiresAt: fixture.time.now() + 60_000 });
        const reason = "an expired record counts as none, so only revision 1 may be written";
        assertResolved(await store.save(handle, next), false, "save() of revision 2", reason);
        await assertHoldsNothing(store, handle, reason);
      },
    },
  ),
  ...clause(
    "expiry",
    { sentence: 12 },
    {
      "delete() of an expired record resolves to false": async (store, fixture) => {
        const [one, other] = [fixture.handle(), fixture.handle()];
        const record = fixture.shortLived();
        await store.save(one, record);
        await store.save(other, record);
        await fixture.time.reach(record.expiresAt);
        const reason = "no live record was removed";
        assertResolved(await store.delete(one), false, "delete(handle)", reason);
        assertResolved(await store.delete(other, 1), false, "delete(handle, 1)", reason);
      },
    },
  ),
  ...clause(
    "expiry",
    { sentence: 2 },
    {
      "a later save can extend the life": async (store, fixture) => {
        const handle = fixture.handle();
        const old = fixture.shortLived();
        await store.save(handle, old);
        const record = fixture.next(old, { expiresAt: old.expiresAt + 60_000 });
        await store.save(handle, record);
        await fixture.time.reach(old.expiresAt);
        await assertHolds(store, handle, record, "the expiresAt of the last save counts");
      },
      "a later save can shorten the life": async (store, fixture) => {
        const handle = fixture.handle();
        const first = fixture.record();
        await store.save(handle, first);
        const { expiresAt } = fixture.shortLived();
        await store.save(handle, fixture.next(first, { expiresAt }));
        await fixture.time.reach(expiresAt);
        await assertHoldsNothing(store, handle, "the expiresAt of the last save counts");
      },
    },
  ),
  ...clause(
    "expiry",
    { sentence: 9 },
    {
      "a refused save does not extend the life": async (store, fixture) => {
        const handle = fixture.handle();
        const record = fixture.shortLived();
        await store.save(handle, record);
        await store.save(handle, fixture.record());
        await fixture.time.reach(record.expiresAt);
        await assertHoldsNothing(store, handle, "a refused save changes nothing");
      },
    },
  ),
  ...clause(
    "expiry",
    { sentence: 13, needs: ["touch"] },
    {
      "touch() of an expired record resolves to false and revives nothing": async (
        store,
        fixture,
      ) => {
        const handle = fixture.handle();
        const record = fixture.shortLived();
        await store.save(handle, record);
        await fixture.time.reach(record.expiresAt);
        const reason = "an expired session stays expired";
        const touched = await store.touch(handle, fixture.time.now() + 60_000);
        assertResolved(touched, false, "touch()", reason);
        await assertHoldsNothing(store, handle, reason);
      },
    },
  ),
  ...clause(
    "expiry",
    { sentence: 14, needs: ["list"] },
    {
      "list() yields no expired record": async (store, fixture) => {
        const [expiring, live] = [fixture.handle(), fixture.handle()];
        const record = fixture.shortLived({ owner: "ada" });
        await store.save(expiring, record);
        await store.save(live, fixture.record({ owner: "ada" }));
        if (fixture.time.exact) {
          await fixture.time.reach(record.expiresAt - 1);
          assertHandles(await collect(store.list()), [expiring, live], "both are live");
          assertHandles(await collect(store.list("ada")), [expiring, live], "both are live");
        }
        await fixture.time.reach(record.expiresAt);
        assertHandles(await collect(store.list()), [live], "the other has expired");
        assertHandles(await collect(store.list("ada")), [live], "the other has expired");
      },
    },
  ),
  ...pastExpiry,
];
