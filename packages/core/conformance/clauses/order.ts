import {
  assertHandles,
  assertHolds,
  assertHoldsNothing,
  assertRecord,
  assertResolved,
  collect,
} from "../harness/assertions.ts";
import { clause } from "../harness/clause.ts";

const ROUNDS = 20;

/** Once a call has resolved, every later call sees its effect. */
export const order = [
  ...clause(
    "order",
    { sentence: 6 },
    {
      "a load() after a save() sees it": async (store, fixture) => {
        const handle = fixture.handle();
        let record = fixture.record();
        for (let round = 0; round < ROUNDS; round += 1) {
          await store.save(handle, record);
          await assertHolds(store, handle, record, "the save has resolved");
          record = fixture.next(record);
        }
      },
      "many load() calls at the same time see the last save": async (store, fixture) => {
        const handle = fixture.handle();
        const first = fixture.record();
        const second = fixture.next(first);
        await store.save(handle, first);
        await Promise.all(Array.from({ length: 20 }, () => store.load(handle)));
        await store.save(handle, second);
        const loads = Array.from({ length: 50 }, () => store.load(handle));
        for (const loaded of await Promise.all(loads)) {
          assertRecord(loaded, second, "each load began after the save had resolved");
        }
      },
      "a miss is not remembered": async (store, fixture) => {
        for (const handle of fixture.handles(ROUNDS)) {
          const record = fixture.record();
          const reason = "the save has resolved since a load found nothing";
          await Promise.all([store.load(handle), store.load(handle)]);
          await store.delete(handle);
          assertResolved(await store.save(handle, record), true, "save() of revision 1", reason);
          await assertHolds(store, handle, record, reason);
        }
      },
      "a load() after a delete() sees it": async (store, fixture) => {
        for (const handle of fixture.handles(ROUNDS)) {
          await store.save(handle, fixture.record());
          await store.load(handle);
          await store.delete(handle);
          await assertHoldsNothing(store, handle, "the delete has resolved");
        }
      },
    },
  ),
  ...clause(
    "order",
    { sentence: 6, needs: ["touch"] },
    {
      "a load() after a touch() sees it": async (store, fixture) => {
        const handle = fixture.handle();
        const record = fixture.record();
        await store.save(handle, record);
        for (let round = 1; round <= ROUNDS; round += 1) {
          const expiresAt = record.expiresAt + round;
          await store.touch(handle, expiresAt);
          await assertHolds(store, handle, { ...record, expiresAt }, "the touch has resolved");
        }
      },
    },
  ),
  ...clause(
    "order",
    { sentence: 6, needs: ["list"] },
    {
      "an empty list is not remembered": async (store, fixture) => {
        const handle = fixture.handle();
        assertHandles(await collect(store.list("ada")), [], "nothing has been saved");
        assertHandles(await collect(store.list()), [], "nothing has been saved");
        await store.save(handle, fixture.record({ owner: "ada" }));
        assertHandles(await collect(store.list("ada")), [handle], "the save has resolved");
        assertHandles(await collect(store.list()), [handle], "the save has resolved");
      },
      "a list() after a save() or delete() sees it": async (store, fixture) => {
        const live = new Set<string>();
        for (let round = 0; round < ROUNDS; round += 1) {
          const handle = fixture.handle();
          const record = fixture.record({ owner: "ada" });
          await store.save(handle, record);
          live.add(handle);
          const listed = await collect(store.list("ada"));
          assertRecord(listed.get(handle), record, "the save has resolved");
          if (round % 3 === 0) {
            await store.delete(handle);
            live.delete(handle);
          }
          assertHandles(await collect(store.list("ada")), live, "the delete has resolved");
          assertHandles(await collect(store.list()), live, "the delete has resolved");
        }
      },
    },
  ),
];
