import { assertHolds, assertHoldsNothing, assertResolved } from "../harness/assertions.ts";
import { clause } from "../harness/clause.ts";

/** A durable save keeps all other rules. Whether it outlives a power loss no program can tell. */
export const durable = clause(
  "durable",
  { sentence: 19 },
  {
    "a durable save is written as any other": async (store, fixture) => {
      const handle = fixture.handle();
      const first = fixture.record({ owner: "ada" });
      const second = fixture.next(first);
      const reason = "durable says how safely it is written, not whether";
      const saved = await store.save(handle, first, { durable: true });
      assertResolved(saved, true, "a durable save()", reason);
      await assertHolds(store, handle, first, reason);
      const later = await store.save(handle, second, { durable: true });
      assertResolved(later, true, "a later durable save()", reason);
      await assertHolds(store, handle, second, reason);
      const third = fixture.next(second);
      const plain = await store.save(handle, third, { durable: false });
      assertResolved(plain, true, "a save() that need not be durable", reason);
      await assertHolds(store, handle, third, reason);
    },
    "a durable save is refused as any other": async (store, fixture) => {
      const handle = fixture.handle();
      const record = fixture.record();
      await store.save(handle, record, {});
      const reason = "a durable save checks the revision too";
      for (const revision of [1, 3]) {
        const saved = await store.save(handle, fixture.record({ revision }), { durable: true });
        assertResolved(saved, false, `a durable save() of revision ${revision} over 1`, reason);
      }
      await assertHolds(store, handle, record, reason);
      const missing = fixture.handle();
      const revived = await store.save(missing, fixture.next(record), { durable: true });
      assertResolved(revived, false, "a durable save() of revision 2 over nothing", reason);
      await assertHoldsNothing(store, missing, reason);
    },
    "durable and other saves at the same time are all written": async (store, fixture) => {
      const saved = fixture.handles(40).map((handle) => [handle, fixture.record()] as const);
      const reason = "saves of different sessions have nothing to do with one another";
      const answers = await Promise.all(
        saved.map(([handle, record], index) =>
          index % 2 ? store.save(handle, record, { durable: true }) : store.save(handle, record),
        ),
      );
      for (const [index, [handle, record]] of saved.entries()) {
        assertResolved(answers[index], true, "save()", reason);
        await assertHolds(store, handle, record, reason);
      }
    },
  },
);
