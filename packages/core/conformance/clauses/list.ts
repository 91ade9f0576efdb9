import assert from "node:assert/strict";
import { assertHandles, assertHolds, assertRecord, collect } from "../harness/assertions.ts";
import { clause } from "../harness/clause.ts";

/** Allows for a list that yields each of 300 sessions several times. */
const MOST_YIELDED = 3_000;

export const list = clause(
  "list",
  { sentence: 14, needs: ["list"] },
  {
    "all live sessions are yielded with their records": async (store, fixture) => {
      const fields = (index: number) => (index % 3 ? { owner: "ada" } : {});
      const saved = await fixture.saveMany(store, 30, fields);
      const listed = await collect(store.list());
      assertHandles(listed, saved.keys(), "all of them are live");
      for (const [handle, record] of saved) {
        assertRecord(listed.get(handle), record, "it is listed as it was saved");
      }
    },
    "with an owner, only the owner's sessions are yielded": async (store, fixture) => {
      const ofAda = await fixture.saveMany(store, 20, () => ({ owner: "ada" }));
      await fixture.saveMany(store, 20, () => ({ owner: "bob" }));
      await fixture.saveMany(store, 20);
      const listed = await collect(store.list("ada"));
      assertHandles(listed, ofAda.keys(), "these are ada's");
      for (const [handle, record] of ofAda) {
        assertRecord(listed.get(handle), record, "it is listed as it was saved");
      }
    },
    "more than a thousand sessions are yielded": async (store, fixture) => {
      const saved = await fixture.saveMany(store, 1_200, () => ({ owner: "ada" }));
      assertHandles(await collect(store.list()), saved.keys(), "no page may be lost");
      assertHandles(await collect(store.list("ada")), saved.keys(), "no page may be lost");
    },
    "two listings at the same time do not disturb each other": async (store, fixture) => {
      const saved = await fixture.saveMany(store, 60);
      const listings = await Promise.all([collect(store.list()), collect(store.list())]);
      for (const listed of listings) {
        assertHandles(listed, saved.keys(), "each listing has a cursor of its own");
      }
    },
    "a listing can be left early": async (store, fixture) => {
      const saved = await fixture.saveMany(store, 60);
      for (let round = 0; round < 5; round += 1) {
        for await (const [handle] of store.list()) {
          assert.ok(saved.has(handle), "list() must yield handles as they were saved");
          break;
        }
      }
      assertHandles(await collect(store.list()), saved.keys(), "the store goes on working");
    },
    "sessions that live throughout are yielded while others come and go": async (
      store,
      fixture,
    ) => {
      const fields = (index: number) => (index % 2 ? { owner: "ada" } : {});
      const staying = await fixture.saveMany(store, 150, fields);
      const leaving = await fixture.saveMany(store, 150, () => ({ owner: "ada" }));
      const toDelete = [...leaving.keys()];
      const listed = new Set<string>();
      for await (const [handle] of store.list()) {
        listed.add(handle);
        await store.delete(toDelete.pop() ?? fixture.handle());
        if (listed.size < 300) await store.save(fixture.handle(), fixture.record({ owner: "ada" }));
        assert.ok(listed.size < 10_000, "list() must end although sessions are being created");
      }
      const lost = [...staying.keys()].filter((handle) => !listed.has(handle)).length;
      assert.equal(lost, 0, `list() left out ${lost} of 150 sessions that lived throughout`);
    },
    "sessions that live throughout are yielded while those between them are deleted": async (
      store,
      fixture,
    ) => {
      for (const owner of [undefined, "ada"]) {
        const saved = [...(await fixture.saveMany(store, 200, () => ({ owner: "ada" }))).keys()];
        const staying = saved.filter((_, index) => index % 2 === 0);
        const leaving = saved.filter((_, index) => index % 2 === 1);
        const listed = new Set<string>();
        for await (const [handle] of store.list(owner)) {
          listed.add(handle);
          if (listed.size === 1) await Promise.all(leaving.map((each) => store.delete(each)));
        }
        const lost = staying.filter((handle) => !listed.has(handle)).length;
        assert.equal(lost, 0, `list() left out ${lost} of 100 sessions that lived throughout`);
      }
    },
    "an owner's sessions are yielded while they are saved": async (store, fixture) => {
      const saved = await fixture.saveMany(store, 150, () => ({ owner: "ada" }));
      const toSave = [...saved];
      const listed = new Set<string>();
      for await (const [handle] of store.list("ada")) {
        listed.add(handle);
        const [next, record] = toSave.pop() ?? [];
        if (next && record) await store.save(next, fixture.next(record));
        assert.ok(listed.size <= 150, "list() must yield only handles that were saved");
      }
      const found = new Map([...saved].filter(([handle]) => listed.has(handle)));
      assertHandles(found, saved.keys(), "all of them lived throughout");
    },
    "a listing ends although its consumer saves and creates sessions": async (store, fixture) => {
      await fixture.saveMany(store, 20, () => ({ owner: "ada" }));
      let yielded = 0;
      for await (const [handle, record] of store.list("ada")) {
        yielded += 1;
        assert.ok(yielded < 2_000, "list() must end although its consumer creates sessions");
        await store.save(handle, fixture.next(record));
        await store.save(fixture.handle(), fixture.record({ owner: "ada" }));
      }
    },
    "every session is yielded although its consumer saves what it is shown": async (
      store,
      fixture,
    ) => {
      const saved = await fixture.saveMany(store, 300, () => ({ owner: "ada" }));
      for (const owner of [undefined, "ada"]) {
        const listed = new Set<string>();
        let yielded = 0;
        for await (const [handle, record] of store.list(owner)) {
          listed.add(handle);
          yielded += 1;
          assert.ok(
            yielded <= MOST_YIELDED,
            "list() must end although its consumer saves sessions",
          );
          await store.save(handle, fixture.next(record));
        }
        const lost = [...saved.keys()].filter((handle) => !listed.has(handle)).length;
        assert.equal(lost, 0, `list() left out ${lost} of 300 sessions that its consumer saved`);
      }
    },
    "a consumer can delete 1,200 sessions as it is shown them": async (store, fixture) => {
      for (const owner of [undefined, "ada"]) {
        const saved = await fixture.saveMany(store, 1_200, () => ({ owner: "ada" }));
        const listed = new Set<string>();
        for await (const [handle] of store.list(owner)) {
          listed.add(handle);
          await store.delete(handle);
        }
        const lost = [...saved.keys()].filter((handle) => !listed.has(handle)).length;
        assert.equal(
          lost,
          0,
          `list() left out ${lost} of 1,200 sessions while others were deleted`,
        );
        assertHandles(await collect(store.list()), [], "all of them were deleted");
      }
    },
    "a consumer can delete every session that it is shown": async (store, fixture) => {
      const saved = await fixture.saveMany(store, 60, () => ({ owner: "ada" }));
      const ofBob = fixture.handle();
      const record = fixture.record({ owner: "bob" });
      await store.save(ofBob, record);
      for await (const [handle] of store.list("ada")) await store.delete(handle);
      const reason = `all ${saved.size} sessions of ada were deleted`;
      assertHandles(await collect(store.list()), [ofBob], reason);
      await assertHolds(store, ofBob, record, "it is bob's");
    },
  },
);
