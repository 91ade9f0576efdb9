import assert from "node:assert/strict";
import { assertRecord, assertRejects, assertResolved, collect } from "../harness/assertions.ts";
import { clause } from "../harness/clause.ts";

const CODE = "STORE_CLOSED";

const REASON = "a closed store must not look like an empty one";

export const closed = [
  ...clause(
    "closed",
    { sentence: 17, needs: ["close"] },
    {
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
      "calls under way during close() are carried out": async (store, fixture) => {
        const loaded = [...(await fixture.saveMany(store, 20))];
        const deleted = await fixture.saveMany(store, 20);
        const loads = loaded.map(([handle]) => store.load(handle));
        const writes = [
          ...fixture.handles(20).map((handle) => store.save(handle, fixture.record())),
          ...[...deleted.keys()].map((handle) => store.delete(handle)),
        ];
        const calls = Promise.all([Promise.all(loads), Promise.all(writes)]);
        // A failure is told at the end of the case, not as an unhandled rejection.
        calls.catch(() => {});
        await store.close();
        const [found, answers] = await calls;
        const refused = answers.filter((answer) => answer !== true).length;
        const problem = `${refused} of 40 saves and deletes made before close() resolved to false`;
        assert.equal(refused, 0, problem);
        for (const [index, [, record]] of loaded.entries()) {
          assertRecord(found[index], record, "a load() made before close() is carried out");
        }
      },
      "a call made while close() is under way rejects with STORE_CLOSED": async (
        store,
        fixture,
      ) => {
        const handle = fixture.handle();
        await store.save(handle, fixture.record());
        const closing = store.close();
        const late = [
          () => store.load(handle),
          () => store.save(fixture.handle(), fixture.record()),
          () => store.delete(handle),
        ].map((call) => assertRejects(call, CODE, "it was made after close()"));
        await Promise.all([closing, ...late]);
      },
    },
  ),
  ...clause(
    "closed",
    { sentence: 17, needs: ["close", "touch"] },
    {
      "touch() rejects with STORE_CLOSED": async (store, fixture) => {
        await store.close();
        const touch = () => store.touch(fixture.handle(), fixture.time.now() + 60_000);
        await assertRejects(touch, CODE, REASON);
      },
      "a touch() under way during close() is carried out": async (store, fixture) => {
        const handle = fixture.handle();
        const record = fixture.record();
        await store.save(handle, record);
        const touching = store.touch(handle, record.expiresAt + 1);
        touching.catch(() => {});
        await store.close();
        assertResolved(
          await touching,
          true,
          "touch() before close()",
          "it was made before close()",
        );
      },
    },
  ),
  ...clause(
    "closed",
    { sentence: 17, needs: ["close", "list"] },
    {
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
          assert.equal(
            listed.size,
            saved.size,
            "a listing that was cut off must not look complete",
          );
        };
        await reading().catch((error: unknown) => {
          if (error instanceof assert.AssertionError) throw error;
          return assertRejects(() => Promise.reject(error), CODE, REASON);
        });
      },
    },
  ),
  ...clause(
    "closed",
    { sentence: 17, needs: ["close", "sweep"] },
    {
      "sweep() rejects with STORE_CLOSED": async (store) => {
        await store.close();
        await assertRejects(() => store.sweep(), CODE, REASON);
      },
      "a sweep() under way during close() is carried out": async (store, fixture) => {
        const { expiresAt } = fixture.shortLived();
        await fixture.saveMany(store, 25, () => ({ expiresAt }));
        await fixture.time.reach(expiresAt);
        const sweeping = store.sweep();
        sweeping.catch(() => {});
        await store.close();
        assertResolved(await sweeping, 25, "sweep() before close()", "it was made before close()");
      },
    },
  ),
];
