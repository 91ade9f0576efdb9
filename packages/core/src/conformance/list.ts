import assert from "node:assert/strict";
import { assertHolds, assertKeys, assertSame, collect } from "./assertions.ts";
import { clause } from "./clause.ts";
import { fill } from "./fill.ts";

export const list = [
  ...clause("list", ["list"], {
    "every live session is yielded with its record": async (store, lab) => {
      const saved = await fill(store, lab, 30, (index) => (index % 3 ? { owner: "ada" } : {}));
      const listed = await collect(store.list());
      assertKeys(listed, saved.keys(), "all of them are live");
      for (const [key, record] of saved) assertSame(listed.get(key), record, "as it was saved");
    },
    "of an owner all sessions are yielded and no others": async (store, lab) => {
      const ada = await fill(store, lab, 20, () => ({ owner: "ada" }));
      await fill(store, lab, 20, () => ({ owner: "bob" }));
      await fill(store, lab, 20);
      const listed = await collect(store.list("ada"));
      assertKeys(listed, ada.keys(), "those are ada's");
      for (const [key, record] of ada) assertSame(listed.get(key), record, "as it was saved");
    },
    "a thousand sessions are yielded": async (store, lab) => {
      const saved = await fill(store, lab, 1_200, () => ({ owner: "ada" }));
      assertKeys(await collect(store.list()), saved.keys(), "no page of them may be lost");
      assertKeys(await collect(store.list("ada")), saved.keys(), "no page of them may be lost");
    },
    "two listings at once do not disturb each other": async (store, lab) => {
      const saved = await fill(store, lab, 60);
      const listings = await Promise.all([collect(store.list()), collect(store.list())]);
      for (const listed of listings) assertKeys(listed, saved.keys(), "each listing is its own");
    },
    "a listing may be left early": async (store, lab) => {
      const saved = await fill(store, lab, 60);
      for (let round = 0; round < 5; round += 1) {
        for await (const [key] of store.list()) {
          assert.ok(saved.has(key), "list() must yield keys as they were saved");
          break;
        }
      }
      assertKeys(await collect(store.list()), saved.keys(), "the store goes on working");
    },
    "what lives throughout is yielded while all else changes": async (store, lab) => {
      const stays = await fill(store, lab, 150, (index) => (index % 2 ? { owner: "ada" } : {}));
      const leaves = await fill(store, lab, 150, () => ({ owner: "ada" }));
      const doomed = [...leaves.keys()];
      const listed = new Set<string>();
      for await (const [key] of store.list()) {
        listed.add(key);
        await store.delete(doomed.pop() ?? lab.key());
        if (listed.size < 300) await store.save(lab.key(), lab.record({ owner: "ada" }));
        assert.ok(listed.size < 10_000, "list() must come to an end while sessions are created");
      }
      const lost = [...stays.keys()].filter((key) => !listed.has(key)).length;
      assert.equal(lost, 0, `list() left out ${lost} of 150 sessions that lived throughout`);
    },
    "of an owner what lives throughout is yielded while it is saved": async (store, lab) => {
      const saved = await fill(store, lab, 150, () => ({ owner: "ada" }));
      const newest = [...saved];
      const listed = new Set<string>();
      for await (const [key] of store.list("ada")) {
        listed.add(key);
        const [next, record] = newest.pop() ?? [];
        if (next && record) await store.save(next, lab.next(record));
        assert.ok(listed.size <= 150, "list() must yield only keys that were saved");
      }
      assertKeys(new Map([...saved].filter(([key]) => listed.has(key))), saved.keys(), "all lived");
    },
    "a consumer that creates and saves comes to an end": async (store, lab) => {
      await fill(store, lab, 20, () => ({ owner: "ada" }));
      let yielded = 0;
      for await (const [key, record] of store.list("ada")) {
        yielded += 1;
        assert.ok(
          yielded < 2_000,
          "list() must not go on as long as its consumer creates sessions",
        );
        await store.save(key, lab.next(record));
        await store.save(lab.key(), lab.record({ owner: "ada" }));
      }
    },
    "a consumer that deletes what it is shown ends them all": async (store, lab) => {
      const saved = await fill(store, lab, 60, () => ({ owner: "ada" }));
      const bystander = lab.key();
      const record = lab.record({ owner: "bob" });
      await store.save(bystander, record);
      for await (const [key] of store.list("ada")) await store.delete(key);
      assertKeys(await collect(store.list()), [bystander], `all ${saved.size} of ada were deleted`);
      await assertHolds(store, bystander, record, "it is bob's");
    },
  }),
];
