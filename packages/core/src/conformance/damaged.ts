import assert from "node:assert/strict";
import {
  assertAnswer,
  assertHolds,
  assertHoldsNothing,
  assertKeys,
  assertRejects,
} from "./assertions.ts";
import { clause } from "./clause.ts";
import { fill } from "./fill.ts";

const CODE = "RECORD_CORRUPT";

export const damaged = [
  ...clause("damaged", [], {
    "load() rejects with RECORD_CORRUPT": async (store, lab) => {
      const key = lab.key();
      await store.save(key, lab.record());
      await lab.damage(key);
      await assertRejects(() => store.load(key), CODE, "a wrong value must not be handed out");
    },
    "a save over it is refused or rejects": async (store, lab) => {
      const key = lab.key();
      await store.save(key, lab.record());
      await lab.damage(key);
      const saved = await store.save(key, lab.record()).catch(() => false);
      assertAnswer(saved, false, "save()", "whose session it is can no longer be told");
    },
    "delete() removes it": async (store, lab) => {
      const key = lab.key();
      await store.save(key, lab.record({ owner: "ada" }));
      await lab.damage(key);
      await store.delete(key);
      await assertHoldsNothing(store, key, "delete() without revision works on a damaged record");
      const record = lab.record();
      assertAnswer(await store.save(key, record), true, "save() after delete()", "it is gone");
      await assertHolds(store, key, record, "the new session stands");
    },
  }),
  ...clause("damaged", ["list"], {
    "list() yields all others and then rejects with RECORD_CORRUPT": async (store, lab) => {
      const saved = await fill(store, lab, 30, () => ({ owner: "ada" }));
      const [spoiled = "", ...others] = saved.keys();
      await lab.damage(spoiled);
      for (const owner of [undefined, "ada"]) {
        const listed: typeof saved = new Map();
        const read = async () => {
          for await (const [key, record] of store.list(owner)) listed.set(key, record);
        };
        await assertRejects(read, CODE, "a listing that lacks a record must not pass for complete");
        assertKeys(listed, others, "one damaged record must not shield the others");
      }
    },
  }),
  ...clause("damaged", ["sweep"], {
    "sweep() passes over it": async (store, lab) => {
      const { expiresAt } = lab.brief();
      const spoiled = lab.key();
      await store.save(spoiled, lab.record({ expiresAt }));
      await fill(store, lab, 30, () => ({ expiresAt }));
      await lab.damage(spoiled);
      await lab.time.reach(expiresAt);
      const removed = await store.sweep();
      assert.ok(removed >= 30, `sweep() must remove 30 expired records, but it removed ${removed}`);
    },
  }),
];
