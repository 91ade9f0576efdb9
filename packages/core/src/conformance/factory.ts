import assert from "node:assert/strict";
import {
  assertAnswer,
  assertHolds,
  assertHoldsNothing,
  assertKeys,
  collect,
} from "./assertions.ts";
import { clause, has } from "./clause.ts";

/** First of all: what else is shown here is only worth as much as the isolation of the stores. */
export const factory = [
  ...clause("factory", [], {
    "two stores share no session": async (store, lab) => {
      const other = await lab.open();
      const key = lab.key();
      const record = lab.record();
      await store.save(key, record);
      const reason =
        "createStore() must give a store that is alone, such as one with a random prefix";
      await assertHoldsNothing(other, key, reason);
      assertAnswer(await other.save(key, lab.record()), true, "save() in a second store", reason);
      assertAnswer(await other.delete(key), true, "delete() in a second store", reason);
      await assertHolds(store, key, record, reason);
    },
  }),
  ...clause("factory", ["list"], {
    "a store is empty": async (store) => {
      assertKeys(await collect(store.list()), [], "createStore() must give an empty store");
    },
    "two stores share no owner": async (store, lab) => {
      const other = await lab.open();
      await store.save(lab.key(), lab.record({ owner: "ada" }));
      assert.ok(has(other, ["list"]), "createStore() must give stores with the same methods");
      const reason = "createStore() must give a store that is alone";
      assertKeys(await collect(other.list("ada")), [], reason);
    },
  }),
];
