import assert from "node:assert/strict";
import type { SessionRecord } from "../contract/store.ts";
import { assertAnswer, assertHolds, assertSame, collect } from "./assertions.ts";
import { clause } from "./clause.ts";

/** What the holder of a record may do to it. */
function spoil(record: SessionRecord): void {
  Reflect.set(record, "revision", 99);
  Reflect.set(record, "expiresAt", 1);
  Reflect.set(record, "owner", "eve");
  Reflect.set(record, "data", "spoiled");
}

/** "What is handed in or out is never shared." */
export const copies = [
  ...clause("copies", [], {
    "a record that is changed after its save changes nothing": async (store, lab) => {
      const key = lab.key();
      const record = lab.record({ owner: "ada" });
      const handed = { ...record };
      await store.save(key, handed);
      spoil(handed);
      await assertHolds(store, key, record, "what was handed in must not be kept");
      const next = lab.next(record);
      const saved = await store.save(key, next);
      assertAnswer(saved, true, "save() of revision 2", "what was handed in must not be kept");
    },
    "a record that is changed while it is saved changes nothing": async (store, lab) => {
      const key = lab.key();
      const record = lab.record({ owner: "ada" });
      const handed = { ...record };
      const saving = store.save(key, handed);
      spoil(handed);
      await saving;
      await assertHolds(store, key, record, "a save must read its record before it returns");
    },
    "a record that is changed after its load changes nothing": async (store, lab) => {
      const key = lab.key();
      const record = lab.record({ owner: "ada" });
      await store.save(key, record);
      const [one, other] = await Promise.all([store.load(key), store.load(key)]);
      if (one) spoil(one);
      assertSame(other, record, "what is handed out must not be handed to another");
      await assertHolds(store, key, record, "what is handed out must not be what is stored");
    },
    "a record that is handed in is not written on": async (store, lab) => {
      const key = lab.key();
      const record = Object.freeze(lab.record({ owner: "ada" }));
      const before = { ...record };
      await store.save(key, record);
      await store.save(key, Object.freeze(lab.next(record)));
      assert.deepEqual({ ...record }, before, "save() must not write on the record of its caller");
    },
  }),
  ...clause("copies", ["list"], {
    "a record that is changed after it was listed changes nothing": async (store, lab) => {
      const key = lab.key();
      const record = lab.record({ owner: "ada" });
      await store.save(key, record);
      for await (const [, listed] of store.list()) spoil(listed);
      for await (const [, listed] of store.list("ada")) spoil(listed);
      const reason = "what is handed out must not be what is stored";
      await assertHolds(store, key, record, reason);
      assertSame((await collect(store.list("ada"))).get(key), record, reason);
    },
  }),
];
