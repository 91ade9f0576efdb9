import assert from "node:assert/strict";
import { assertRejects, collect } from "../harness/assertions.ts";
import { clause } from "../harness/clause.ts";

const CODE = "STORE_CLOSED";

const REASON = "a closed store must not look like an empty one";

export const closed = [
  ...clause("closed", ["close"], {
    "close() may be called again, at the same time or later": async (store) => {
      await Promise.all([store.close(), store.close()]);
      await store.close();
    },
    "load(), save() and delete() reject with STORE_CLOSED": async (store, fixture) => {
      const handle = fixture.handle();
      await store.save(handle, fixture.record());
      await store.close();
      await assertRejects(() => store.load(handle), CODE, `load(): ${REASON}`);
      const save = () => store.save(handle, fixture.record({ revision: 2 }));
      await assertRejects(save, CODE, `save(): ${REASON}`);
      await assertRejects(() => store.delete(handle), CODE, `delete(handle): ${REASON}`);
      await assertRejects(() => store.delete(handle, 1), CODE, `delete(handle, 1): ${REASON}`);
    },
    "calls under way during close() resolve or reject with STORE_CLOSED": async (
      store,
      fixture,
    ) => {
      const calls = fixture
        .handles(20)
        .flatMap((handle) => [
          store.save(handle, fixture.record()),
          store.load(handle),
          store.delete(handle),
        ]);
      const settled = Promise.allSettled(calls);
      await store.close();
      for (const call of await settled) {
        if (call.status === "fulfilled") continue;
        await assertRejects(() => Promise.reject(call.reason), CODE, "the store was closing");
      }
    },
  }),
  ...clause("closed", ["close", "touch"], {
    "touch() rejects with STORE_CLOSED": async (store, fixture) => {
      await store.close();
      const touch = () => store.touch(fixture.handle(), fixture.time.now() + 60_000);
      await assertRejects(touch, CODE, REASON);
    },
  }),
  ...clause("closed", ["close", "list"], {
    "list() rejects with STORE_CLOSED": async (store) => {
      await store.close();
      await assertRejects(() => collect(store.list()), CODE, REASON);
      await assertRejects(() => collect(store.list("ada")), CODE, REASON);
    },
    "a listing under way during close() yields everything or rejects": async (store, fixture) => {
      const saved = await fixture.saveMany(store, 300);
      const listed = new Set<string>();
      const reading = async () => {
        for await (const [handle] of store.list()) {
          listed.add(handle);
          if (listed.size === 1) await store.close();
        }
        assert.equal(listed.size, saved.size, "a listing that was cut off must not look complete");
      };
      await reading().catch((error: unknown) => {
        if (error instanceof assert.AssertionError) throw error;
        return assertRejects(() => Promise.reject(error), CODE, REASON);
      });
    },
  }),
  ...clause("closed", ["close", "sweep"], {
    "sweep() rejects with STORE_CLOSED": async (store) => {
      await store.close();
      await assertRejects(() => store.sweep(), CODE, REASON);
    },
  }),
];
