import assert from "node:assert/strict";
import {
  assertHandles,
  assertHolds,
  assertHoldsNothing,
  assertRejects,
  assertResolved,
} from "../harness/assertions.ts";
import { clause } from "../harness/clause.ts";

const CODE = "RECORD_CORRUPT";

export const damaged = [
  ...clause("damaged", [], {
    "load() rejects with RECORD_CORRUPT": async (store, fixture) => {
      const handle = fixture.handle();
      await store.save(handle, fixture.record());
      await fixture.damage(handle);
      await assertRejects(() => store.load(handle), CODE, "a wrong value must not be handed out");
    },
    "save() resolves to false or rejects": async (store, fixture) => {
      const handle = fixture.handle();
      await store.save(handle, fixture.record());
      await fixture.damage(handle);
      const saved = await store.save(handle, fixture.record()).catch(() => false);
      assertResolved(saved, false, "save()", "nobody can tell whose session it is");
    },
    "delete() removes the record": async (store, fixture) => {
      const handle = fixture.handle();
      await store.save(handle, fixture.record({ owner: "ada" }));
      await fixture.damage(handle);
      await store.delete(handle);
      await assertHoldsNothing(store, handle, "delete() without a revision removes it");
      const record = fixture.record();
      const saved = await store.save(handle, record);
      assertResolved(saved, true, "save() after delete()", "the damaged record is gone");
      await assertHolds(store, handle, record, "the new session is stored");
    },
  }),
  ...clause("damaged", ["list"], {
    "list() yields all others and then rejects with RECORD_CORRUPT": async (store, fixture) => {
      const saved = await fixture.saveMany(store, 30, () => ({ owner: "ada" }));
      const [unreadable = "", ...others] = saved.keys();
      await fixture.damage(unreadable);
      for (const owner of [undefined, "ada"]) {
        const listed: typeof saved = new Map();
        const read = async () => {
          for await (const [handle, record] of store.list(owner)) listed.set(handle, record);
        };
        await assertRejects(read, CODE, "a listing that lacks a record must not look complete");
        assertHandles(listed, others, "one damaged record must not hide the others");
      }
    },
  }),
  ...clause("damaged", ["sweep"], {
    "sweep() skips the record and removes expired ones": async (store, fixture) => {
      const { expiresAt } = fixture.shortLived();
      const unreadable = fixture.handle();
      await store.save(unreadable, fixture.record({ expiresAt }));
      await fixture.saveMany(store, 30, () => ({ expiresAt }));
      await fixture.damage(unreadable);
      await fixture.time.reach(expiresAt);
      const removed = await store.sweep();
      assert.ok(removed >= 30, `sweep() must remove 30 expired records, but it removed ${removed}`);
    },
  }),
];
