import {
  assertHandles,
  assertHoldsNothing,
  assertResolved,
  collect,
} from "../harness/assertions.ts";
import { clause } from "../harness/clause.ts";

export const missing = [
  ...clause(
    "missing",
    { sentence: 5 },
    {
      "load() of an unknown handle resolves to undefined": async (store, fixture) => {
        const reason = "a missing record is undefined, never null or a rejection";
        await assertHoldsNothing(store, fixture.handle(), reason);
      },
      "delete() of an unknown handle resolves to false": async (store, fixture) => {
        const reason = "removing what is not there is fine, but nothing was removed";
        assertResolved(await store.delete(fixture.handle()), false, "delete(handle)", reason);
        assertResolved(await store.delete(fixture.handle(), 1), false, "delete(handle, 1)", reason);
        assertResolved(await store.delete(fixture.handle(), 0), false, "delete(handle, 0)", reason);
      },
    },
  ),
  ...clause(
    "missing",
    { sentence: 5, needs: ["touch"] },
    {
      "touch() of an unknown handle resolves to false and creates nothing": async (
        store,
        fixture,
      ) => {
        const handle = fixture.handle();
        const touched = await store.touch(handle, fixture.time.now() + 60_000);
        assertResolved(touched, false, "touch()", "there is no live record");
        await assertHoldsNothing(store, handle, "a touch creates no record");
      },
    },
  ),
  ...clause(
    "missing",
    { sentence: 5, needs: ["list"] },
    {
      "list() of an unknown owner yields nothing": async (store, fixture) => {
        await store.save(fixture.handle(), fixture.record({ owner: "ada" }));
        await store.save(fixture.handle(), fixture.record());
        assertHandles(await collect(store.list("bob")), [], "bob has no session");
      },
    },
  ),
  ...clause(
    "missing",
    { sentence: 5, needs: ["sweep"] },
    {
      "sweep() of an empty store resolves to 0": async (store) => {
        assertResolved(await store.sweep(), 0, "sweep()", "nothing has expired");
      },
    },
  ),
];
