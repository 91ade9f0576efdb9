import assert from "node:assert/strict";
import {
  assertHandles,
  assertHolds,
  assertHoldsNothing,
  assertResolved,
  collect,
} from "../harness/assertions.ts";
import { supports } from "../harness/capability.ts";
import { clause } from "../harness/clause.ts";

/** Comes first: if stores share data, every other result is worthless. */
export const factory = [
  ...clause(
    "factory",
    {},
    {
      "two stores share no session": async (store, fixture) => {
        const other = await fixture.open();
        const handle = fixture.handle();
        const record = fixture.record();
        await store.save(handle, record);
        const reason =
          "createStore() must make a store with data of its own, for example under a random prefix";
        await assertHoldsNothing(other, handle, reason);
        const saved = await other.save(handle, fixture.record());
        assertResolved(saved, true, "save() in a second store", reason);
        assertResolved(await other.delete(handle), true, "delete() in a second store", reason);
        await assertHolds(store, handle, record, reason);
      },
    },
  ),
  ...clause(
    "factory",
    { needs: ["list"] },
    {
      "a new store is empty": async (store) => {
        assertHandles(await collect(store.list()), [], "createStore() must make an empty store");
      },
      "two stores share no owner": async (store, fixture) => {
        const other = await fixture.open();
        await store.save(fixture.handle(), fixture.record({ owner: "ada" }));
        assert.ok(
          supports(other, ["list"]),
          "createStore() must make stores with the same methods",
        );
        const reason = "createStore() must make a store with data of its own";
        assertHandles(await collect(other.list("ada")), [], reason);
      },
    },
  ),
];
