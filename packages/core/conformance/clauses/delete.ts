import {
  assertHandles,
  assertHolds,
  assertHoldsNothing,
  assertResolved,
  collect,
} from "../harness/assertions.ts";
import { clause } from "../harness/clause.ts";

export const deletion = [
  ...clause(
    "delete",
    { sentence: 12 },
    {
      "a live record is removed": async (store, fixture) => {
        const handle = fixture.handle();
        await store.save(handle, fixture.record());
        assertResolved(await store.delete(handle), true, "delete()", "a live record was removed");
        await assertHoldsNothing(store, handle, "it was deleted");
      },
      "a second delete resolves to false": async (store, fixture) => {
        const handle = fixture.handle();
        await store.save(handle, fixture.record());
        await store.delete(handle);
        assertResolved(await store.delete(handle), false, "a second delete()", "nothing was left");
      },
      "the record is removed if it has the given revision": async (store, fixture) => {
        const handle = fixture.handle();
        const first = fixture.record();
        await store.save(handle, first);
        await store.save(handle, fixture.next(first));
        const call = "delete(handle, 2) of revision 2";
        assertResolved(await store.delete(handle, 2), true, call, "it is the live revision");
        await assertHoldsNothing(store, handle, "it was deleted");
      },
      "nothing is removed if the record has another revision": async (store, fixture) => {
        const handle = fixture.handle();
        const first = fixture.record();
        const second = fixture.next(first);
        await store.save(handle, first);
        await store.save(handle, second);
        for (const revision of [0, 1, 3]) {
          const deleted = await store.delete(handle, revision);
          const reason = "the caller saw another revision and must decide again";
          assertResolved(deleted, false, `delete(handle, ${revision}) of revision 2`, reason);
        }
        await assertHolds(store, handle, second, "a refused delete changes nothing");
      },
      "other sessions stay": async (store, fixture) => {
        const [handle, other] = [fixture.handle(), fixture.handle()];
        const record = fixture.record({ owner: "ada" });
        await store.save(handle, fixture.record({ owner: "ada" }));
        await store.save(other, record);
        await store.delete(handle);
        await assertHolds(store, other, record, "another session was deleted");
      },
    },
  ),
  ...clause(
    "delete",
    { sentence: 12, needs: ["list"] },
    {
      "a deleted session is no longer listed": async (store, fixture) => {
        const [one, other, kept] = [fixture.handle(), fixture.handle(), fixture.handle()];
        for (const handle of [one, other, kept]) {
          await store.save(handle, fixture.record({ owner: "ada" }));
        }
        await store.delete(one);
        await store.delete(other, 1);
        assertHandles(await collect(store.list()), [kept], "the others were deleted");
        assertHandles(await collect(store.list("ada")), [kept], "the others were deleted");
      },
    },
  ),
];
