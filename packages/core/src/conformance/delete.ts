import {
  assertAnswer,
  assertHolds,
  assertHoldsNothing,
  assertKeys,
  collect,
} from "./assertions.ts";
import { clause } from "./clause.ts";

export const remove = [
  ...clause("delete", [], {
    "a live record is removed": async (store, lab) => {
      const key = lab.key();
      await store.save(key, lab.record());
      assertAnswer(await store.delete(key), true, "delete()", "a live record was removed");
      await assertHoldsNothing(store, key, "it was deleted");
    },
    "a second delete resolves to false": async (store, lab) => {
      const key = lab.key();
      await store.save(key, lab.record());
      await store.delete(key);
      assertAnswer(await store.delete(key), false, "a second delete()", "nothing was left");
    },
    "with the live revision the record is removed": async (store, lab) => {
      const key = lab.key();
      const first = lab.record();
      await store.save(key, first);
      await store.save(key, lab.next(first));
      assertAnswer(await store.delete(key, 2), true, "delete(key, 2) of revision 2", "it is live");
      await assertHoldsNothing(store, key, "it was deleted");
    },
    "with another revision nothing is removed": async (store, lab) => {
      const key = lab.key();
      const first = lab.record();
      const second = lab.next(first);
      await store.save(key, first);
      await store.save(key, second);
      for (const revision of [0, 1, 3]) {
        const deleted = await store.delete(key, revision);
        const reason = "a newer save came between, and it decides again";
        assertAnswer(deleted, false, `delete(key, ${revision}) of revision 2`, reason);
      }
      await assertHolds(store, key, second, "a refused delete changes nothing");
    },
    "other sessions stay": async (store, lab) => {
      const [key, other] = [lab.key(), lab.key()];
      const record = lab.record({ owner: "ada" });
      await store.save(key, lab.record({ owner: "ada" }));
      await store.save(other, record);
      await store.delete(key);
      await assertHolds(store, other, record, "another session was deleted");
    },
  }),
  ...clause("delete", ["list"], {
    "a deleted session is listed no more": async (store, lab) => {
      const [key, other, rest] = [lab.key(), lab.key(), lab.key()];
      await store.save(key, lab.record({ owner: "ada" }));
      await store.save(other, lab.record({ owner: "ada" }));
      await store.save(rest, lab.record({ owner: "ada" }));
      await store.delete(key);
      await store.delete(other, 1);
      assertKeys(await collect(store.list()), [rest], "the others were deleted");
      assertKeys(await collect(store.list("ada")), [rest], "the others were deleted");
    },
  }),
];
