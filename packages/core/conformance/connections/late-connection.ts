import {
  assertHandles,
  assertHolds,
  assertHoldsNothing,
  assertRecord,
  assertResolved,
  collect,
} from "../harness/assertions.ts";
import { type About, clause } from "../harness/clause.ts";
import { secondStore } from "./across.ts";

const WHEN = "it was there when the connection was opened";

const ABOUT = { sentence: 6 } as const;

const WITH_LIST = { sentence: 6, needs: ["list"] } as const satisfies About<"list">;

/** Connections that are opened when there is data already, as those of every new process are. */
export const lateConnection = [
  ...clause("two connections", ABOUT, {
    "a connection that is opened later finds what is there": async (store, fixture) => {
      const saved = [...(await fixture.saveMany(store, 10, () => ({ owner: "ada" })))];
      const [[first = "", record] = []] = saved;
      const ended = fixture.handle();
      await store.save(ended, fixture.record());
      await store.delete(ended);
      const other = await secondStore(fixture, ABOUT);
      for (const [handle, each] of saved) await assertHolds(other, handle, each, WHEN);
      await assertHoldsNothing(other, ended, "it had been deleted");
      for (const [handle, each] of saved) await assertHolds(store, handle, each, WHEN);
      if (record === undefined) return;
      const refused = await other.save(first, fixture.record());
      assertResolved(refused, false, "save() of revision 1 by a new connection", WHEN);
      const next = fixture.next(record);
      const answer = await other.save(first, next);
      assertResolved(answer, true, "save() of revision 2 by a new connection", WHEN);
      await assertHolds(store, first, next, "the save has resolved");
      const deleted = await other.delete(first, 2);
      assertResolved(deleted, true, "delete(handle, 2) by a new connection", WHEN);
      await assertHoldsNothing(store, first, "the delete has resolved");
    },
    "a connection that is opened and closed changes nothing": async (store, fixture) => {
      const saved = await fixture.saveMany(store, 10, () => ({ owner: "ada" }));
      const other = await secondStore(fixture, ABOUT);
      await other.close?.();
      const again = await secondStore(fixture, ABOUT);
      const reason = "opening and closing a connection changes no data";
      for (const [handle, record] of saved) {
        await assertHolds(store, handle, record, reason);
        await assertHolds(again, handle, record, reason);
      }
    },
  }),
  ...clause("two connections", WITH_LIST, {
    "a connection that is opened later lists what is there": async (store, fixture) => {
      const ofAda = await fixture.saveMany(store, 10, () => ({ owner: "ada" }));
      const ofBob = await fixture.saveMany(store, 5, () => ({ owner: "bob" }));
      const all = new Map([...ofAda, ...ofBob]);
      const other = await secondStore(fixture, WITH_LIST);
      const listed = await collect(other.list());
      assertHandles(listed, all.keys(), WHEN);
      for (const [handle, record] of all) assertRecord(listed.get(handle), record, WHEN);
      assertHandles(await collect(other.list("ada")), ofAda.keys(), WHEN);
      assertHandles(await collect(other.list("bob")), ofBob.keys(), WHEN);
      assertHandles(await collect(store.list("ada")), ofAda.keys(), WHEN);
    },
  }),
  ...clause(
    "two connections",
    { sentence: 16, needs: ["sweep"] },
    {
      "a connection that is opened later sweeps what has expired": async (store, fixture) => {
        const { expiresAt } = fixture.shortLived();
        const live = await fixture.saveMany(store, 10);
        await fixture.saveMany(store, 10, () => ({ expiresAt }));
        const other = await secondStore(fixture, { needs: ["sweep"] });
        await fixture.time.reach(expiresAt);
        assertResolved(await other.sweep(), 10, "sweep() by a new connection", WHEN);
        for (const [handle, record] of live) await assertHolds(store, handle, record, "it is live");
      },
    },
  ),
];
