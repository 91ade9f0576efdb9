import { assertHolds, assertHoldsNothing, assertResolved } from "../harness/assertions.ts";
import { clause } from "../harness/clause.ts";

export const revision = clause(
  "revision",
  { sentence: 9 },
  {
    "revision 1 is written if there is no record": async (store, fixture) => {
      const saved = await store.save(fixture.handle(), fixture.record());
      assertResolved(saved, true, "save() of revision 1", "no live record counts as revision 0");
    },
    "a later revision is refused if there is no record": async (store, fixture) => {
      for (const revision of [2, 3, 17]) {
        const handle = fixture.handle();
        const saved = await store.save(handle, fixture.record({ revision }));
        const reason = "otherwise a stale save revives a session that was ended";
        assertResolved(saved, false, `save() of revision ${revision} without a record`, reason);
        await assertHoldsNothing(store, handle, reason);
      }
    },
    "a second first save is refused": async (store, fixture) => {
      const handle = fixture.handle();
      const record = fixture.record();
      await store.save(handle, record);
      const reason = "otherwise a new session overwrites another one";
      const saved = await store.save(handle, fixture.record());
      assertResolved(saved, false, "save() of revision 1 over revision 1", reason);
      await assertHolds(store, handle, record, reason);
    },
    "the next revision is written": async (store, fixture) => {
      const handle = fixture.handle();
      let record = fixture.record();
      await store.save(handle, record);
      for (let round = 0; round < 20; round += 1) {
        record = fixture.next(record);
        const saved = await store.save(handle, record);
        assertResolved(saved, true, `save() of revision ${record.revision}`, "it is the next one");
      }
      await assertHolds(store, handle, record, "the last save counts");
    },
    "300 saves of one session are all written": async (store, fixture) => {
      const handle = fixture.handle();
      let record = fixture.record({ owner: "ada" });
      await store.save(handle, record);
      for (let revision = 2; revision <= 300; revision += 1) {
        record = fixture.next(record);
        const reason = "a session may be saved as often as it is used";
        const saved = await store.save(handle, record);
        assertResolved(saved, true, `save() of revision ${revision}`, reason);
      }
      await assertHolds(store, handle, record, "the last of 300 saves counts");
      const stale = await store.save(handle, { ...record, revision: 300 });
      assertResolved(stale, false, "save() of revision 300 over 300", "it is stale");
    },
    "any other revision is refused": async (store, fixture) => {
      const handle = fixture.handle();
      const first = fixture.record();
      const second = fixture.next(first);
      const third = fixture.next(second);
      for (const record of [first, second, third]) await store.save(handle, record);
      for (const revision of [1, 2, 3, 5, 6, 40]) {
        const saved = await store.save(handle, fixture.record({ revision }));
        const reason = "otherwise a stale save overwrites a newer one";
        assertResolved(saved, false, `save() of revision ${revision} over revision 3`, reason);
      }
      await assertHolds(store, handle, third, "a refused save changes nothing");
    },
    "a refused save leaves the owner and the times alone": async (store, fixture) => {
      const handle = fixture.handle();
      const record = fixture.record({ owner: "ada" });
      await store.save(handle, record);
      const { createdAt, expiresAt } = record;
      const stale = { owner: "bob", createdAt: createdAt - 1, expiresAt: expiresAt + 1_000_000 };
      await store.save(handle, fixture.record(stale));
      await assertHolds(store, handle, record, "a refused save changes nothing");
    },
    "a later revision does not revive a deleted session": async (store, fixture) => {
      const handle = fixture.handle();
      const record = fixture.record();
      await store.save(handle, record);
      await store.delete(handle);
      const reason = "an ended session stays ended";
      const saved = await store.save(handle, fixture.next(record));
      assertResolved(saved, false, "save() of revision 2 after delete()", reason);
      await assertHoldsNothing(store, handle, reason);
    },
    "revision 1 is written again after a delete": async (store, fixture) => {
      const handle = fixture.handle();
      await store.save(handle, fixture.record());
      await store.delete(handle);
      const record = fixture.record();
      const saved = await store.save(handle, record);
      const reason = "no live record counts as revision 0";
      assertResolved(saved, true, "save() of revision 1 after delete()", reason);
      await assertHolds(store, handle, record, "the new session is stored");
    },
    "each session has a revision of its own": async (store, fixture) => {
      const [one, other] = [fixture.handle(), fixture.handle()];
      const record = fixture.record();
      await store.save(one, record);
      await store.save(other, fixture.record());
      await store.save(other, fixture.record({ revision: 2 }));
      const saved = await store.save(one, fixture.next(record));
      assertResolved(saved, true, "save() of revision 2", "only another session was saved since");
    },
  },
);
