import assert from "node:assert/strict";
import { assertRejects, collect } from "./assertions.ts";
import { clause } from "./clause.ts";
import { fill } from "./fill.ts";

const reason = "a store that is closed must not pass for one that holds nothing";

export const closed = [
  ...clause("closed", ["close"], {
    "closing twice is fine, at once or one after the other": async (store) => {
      await Promise.all([store.close(), store.close()]);
      await store.close();
    },
    "load(), save() and delete() reject with STORE_CLOSED": async (store, lab) => {
      const key = lab.key();
      await store.save(key, lab.record());
      await store.close();
      await assertRejects(() => store.load(key), "STORE_CLOSED", `load(): ${reason}`);
      const save = () => store.save(key, lab.record({ revision: 2 }));
      await assertRejects(save, "STORE_CLOSED", `save(): ${reason}`);
      await assertRejects(() => store.delete(key), "STORE_CLOSED", `delete(key): ${reason}`);
      await assertRejects(() => store.delete(key, 1), "STORE_CLOSED", `delete(key, 1): ${reason}`);
    },
    "calls that are under way when it closes settle": async (store, lab) => {
      const keys = lab.keys(20);
      const calls = keys.flatMap((key) => [
        store.save(key, lab.record()),
        store.load(key),
        store.delete(key),
      ]);
      const settled = Promise.allSettled(calls);
      await store.close();
      for (const call of await settled) {
        if (call.status === "fulfilled") continue;
        await assertRejects(() => Promise.reject(call.reason), "STORE_CLOSED", "it was closing");
      }
    },
  }),
  ...clause("closed", ["close", "touch"], {
    "touch() rejects with STORE_CLOSED": async (store, lab) => {
      await store.close();
      const touch = () => store.touch(lab.key(), lab.time.now() + 60_000);
      await assertRejects(touch, "STORE_CLOSED", reason);
    },
  }),
  ...clause("closed", ["close", "list"], {
    "list() rejects with STORE_CLOSED": async (store) => {
      await store.close();
      await assertRejects(() => collect(store.list()), "STORE_CLOSED", reason);
      await assertRejects(() => collect(store.list("ada")), "STORE_CLOSED", reason);
    },
    "a listing that is open when it closes yields all or rejects": async (store, lab) => {
      const saved = await fill(store, lab, 300);
      const listed = new Set<string>();
      const reading = async () => {
        for await (const [key] of store.list()) {
          listed.add(key);
          if (listed.size === 1) await store.close();
        }
        assert.equal(listed.size, saved.size, "a listing must not end as if it were complete");
      };
      await reading().catch((error: unknown) => {
        if (error instanceof assert.AssertionError) throw error;
        return assertRejects(() => Promise.reject(error), "STORE_CLOSED", reason);
      });
    },
  }),
  ...clause("closed", ["close", "sweep"], {
    "sweep() rejects with STORE_CLOSED": async (store) => {
      await store.close();
      await assertRejects(() => store.sweep(), "STORE_CLOSED", reason);
    },
  }),
];
