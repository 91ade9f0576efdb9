import assert from "node:assert/strict";
import {
  assertHandles,
  assertHolds,
  assertHoldsNothing,
  assertResolved,
  collect,
} from "../harness/assertions.ts";
import { clause } from "../harness/clause.ts";

export const sweep = [
  ...clause(
    "sweep",
    { sentence: 16, needs: ["sweep"] },
    {
      "all expired records are removed and counted, not only the first": async (store, fixture) => {
        const { expiresAt } = fixture.shortLived();
        const fields = (index: number) => (index % 2 ? { expiresAt } : { expiresAt, owner: "ada" });
        const expired = await fixture.saveMany(store, 25, fields);
        await fixture.time.reach(expiresAt);
        assertResolved(await store.sweep(), 25, "sweep()", "25 records had expired");
        assertResolved(await store.sweep(), 0, "a second sweep()", "nothing was left to remove");
        for (const handle of expired.keys()) await assertHoldsNothing(store, handle, "it expired");
      },
      "more than a thousand expired records are removed": async (store, fixture) => {
        const expiresAt = fixture.time.now() + 2_000;
        await fixture.saveMany(store, 1_200, () => ({ expiresAt }));
        await fixture.time.reach(expiresAt);
        const reason = "a full batch is not the last one";
        assertResolved(await store.sweep(), 1_200, "sweep()", reason);
      },
      "live records stay": async (store, fixture) => {
        const { expiresAt } = fixture.shortLived();
        const live = await fixture.saveMany(store, 25, () => ({ owner: "ada" }));
        await fixture.saveMany(store, 25, () => ({ expiresAt, owner: "ada" }));
        if (fixture.time.exact) {
          await fixture.time.reach(expiresAt - 1);
          assertResolved(await store.sweep(), 0, "sweep()", "nothing has expired yet");
        }
        await fixture.time.reach(expiresAt);
        assertResolved(await store.sweep(), 25, "sweep()", "25 of 50 records had expired");
        for (const [handle, record] of live) await assertHolds(store, handle, record, "it is live");
      },
      "a record that a save extended stays": async (store, fixture) => {
        const handle = fixture.handle();
        const old = fixture.shortLived();
        const record = fixture.next(old, { expiresAt: old.expiresAt + 60_000 });
        await store.save(handle, old);
        await store.save(handle, record);
        await fixture.time.reach(old.expiresAt);
        assertResolved(await store.sweep(), 0, "sweep()", "the last save extended it");
        await assertHolds(store, handle, record, "it is live");
      },
      "a session that replaced an expired one stays": async (store, fixture) => {
        const handle = fixture.handle();
        const old = fixture.shortLived();
        await store.save(handle, old);
        await fixture.time.reach(old.expiresAt);
        const record = fixture.record();
        await store.save(handle, record);
        assertResolved(await store.sweep(), 0, "sweep()", "the expired record was overwritten");
        await assertHolds(store, handle, record, "it is live");
      },
      "a record whose life a save shortened is removed": async (store, fixture) => {
        const handle = fixture.handle();
        const first = fixture.record();
        const { expiresAt } = fixture.shortLived();
        await store.save(handle, first);
        await store.save(handle, fixture.next(first, { expiresAt }));
        await fixture.time.reach(expiresAt);
        assertResolved(await store.sweep(), 1, "sweep()", "the expiresAt of the last save counts");
      },
      "sweeps at the same time count each record once": async (store, fixture) => {
        const { expiresAt } = fixture.shortLived();
        await fixture.saveMany(store, 50, () => ({ expiresAt }));
        await fixture.time.reach(expiresAt);
        const counts = await Promise.all([store.sweep(), store.sweep(), store.sweep()]);
        const sum = counts.reduce((total, count) => total + count, 0);
        assert.equal(sum, 50, `three sweeps must count 50 records together, but counted ${counts}`);
      },
    },
  ),
  ...clause(
    "sweep",
    { sentence: 16, needs: ["sweep", "touch"] },
    {
      "a record that a touch extended stays until its new expiry": async (store, fixture) => {
        const handle = fixture.handle();
        const record = fixture.shortLived();
        const expiresAt = record.expiresAt + 2 * fixture.time.shortLife;
        await store.save(handle, record);
        await store.touch(handle, expiresAt);
        await fixture.time.reach(record.expiresAt);
        assertResolved(await store.sweep(), 0, "sweep()", "a touch extended it");
        await assertHolds(store, handle, { ...record, expiresAt }, "it is live");
        await fixture.time.reach(expiresAt);
        assertResolved(await store.sweep(), 1, "sweep()", "its new expiry has come");
      },
      "a record whose life a touch shortened is removed": async (store, fixture) => {
        const handle = fixture.handle();
        const { expiresAt } = fixture.shortLived();
        await store.save(handle, fixture.record());
        await store.touch(handle, expiresAt);
        await fixture.time.reach(expiresAt);
        assertResolved(await store.sweep(), 1, "sweep()", "it expires when the touch says");
      },
    },
  ),
  ...clause(
    "sweep",
    { sentence: 16, needs: ["sweep", "list"] },
    {
      "a sweep leaves every live session in the list": async (store, fixture) => {
        const { expiresAt } = fixture.shortLived();
        const live = await fixture.saveMany(store, 30);
        await fixture.saveMany(store, 30, () => ({ expiresAt }));
        await fixture.time.reach(expiresAt);
        await store.sweep();
        assertHandles(await collect(store.list()), live.keys(), "these have not expired");
      },
    },
  ),
];
