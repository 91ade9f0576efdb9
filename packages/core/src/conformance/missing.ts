import { assertAnswer, assertHoldsNothing, assertKeys, collect } from "./assertions.ts";
import { clause } from "./clause.ts";

export const missing = [
  ...clause("missing", [], {
    "load() of what was never saved resolves to undefined": async (store, lab) => {
      await assertHoldsNothing(store, lab.key(), "missing is undefined, never null or a rejection");
    },
    "delete() of what was never saved resolves to false": async (store, lab) => {
      const reason = "removing what is not there is fine, and nothing was removed";
      assertAnswer(await store.delete(lab.key()), false, "delete(key)", reason);
      assertAnswer(await store.delete(lab.key(), 1), false, "delete(key, 1)", reason);
      assertAnswer(await store.delete(lab.key(), 0), false, "delete(key, 0)", reason);
    },
  }),
  ...clause("missing", ["touch"], {
    "touch() of what was never saved resolves to false and makes nothing": async (store, lab) => {
      const key = lab.key();
      const touched = await store.touch(key, lab.time.now() + 60_000);
      assertAnswer(touched, false, "touch()", "there is no live record");
      await assertHoldsNothing(store, key, "a touch makes no record");
    },
  }),
  ...clause("missing", ["list"], {
    "list() of an unknown owner yields nothing": async (store, lab) => {
      await store.save(lab.key(), lab.record({ owner: "ada" }));
      await store.save(lab.key(), lab.record());
      assertKeys(await collect(store.list("bob")), [], "bob has no session");
    },
  }),
  ...clause("missing", ["sweep"], {
    "sweep() of an empty store resolves to 0": async (store) => {
      assertAnswer(await store.sweep(), 0, "sweep()", "nothing has expired");
    },
  }),
];
