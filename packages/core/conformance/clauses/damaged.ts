import assert from "node:assert/strict";
import {
  assertHandles,
  assertHolds,
  assertHoldsNothing,
  assertRejects,
  assertResolved,
  collect,
} from "../harness/assertions.ts";
import { clause } from "../harness/clause.ts";

const CODE = "RECORD_CORRUPT";

export const damaged = [
  ...clause(
    "damaged",
    { sentence: 8 },
    {
      "load() rejects with RECORD_CORRUPT": async (store, fixture) => {
        const handle = fixture.handle();
        await store.save(handle, fixture.record());
        await fixture.damage(handle);
        await assertRejects(() => store.load(handle), CODE, "a wrong value must not be handed out");
      },
    },
  ),
  ...clause(
    "damaged",
    { sentence: 11 },
    {
      "save() resolves to false or rejects": async (store, fixture) => {
        const handle = fixture.handle();
        await store.save(handle, fixture.record());
        await fixture.damage(handle);
        const saved = await store.save(handle, fixture.record()).catch(() => false);
        assertResolved(saved, false, "save()", "nobody can tell whose session it is");
      },
      "save() of the next revision resolves to false or rejects": async (store, fixture) => {
        const handle = fixture.handle();
        const record = fixture.record();
        await store.save(handle, record);
        await fixture.damage(handle);
        const saved = await store.save(handle, fixture.next(record)).catch(() => false);
        assertResolved(
          saved,
          false,
          "save() of revision 2",
          "nobody can tell what it would replace",
        );
        const reason = "a refused save leaves the damaged record as it is";
        await assertRejects(() => store.load(handle), CODE, `load(): ${reason}`);
      },
      "a save after one that was rejected is written": async (store, fixture) => {
        const [unreadable, other] = [fixture.handle(), fixture.handle()];
        await store.save(unreadable, fixture.record());
        await store.save(other, fixture.record());
        await fixture.damage(unreadable);
        const record = fixture.record({ revision: 2 });
        const refused = store.save(unreadable, fixture.record()).catch(() => false);
        const early = await store.save(other, record);
        await refused;
        const reason = "one session's damage must not stop the others";
        assertResolved(early, true, "save() during one that is refused", reason);
        const next = fixture.next(record);
        assertResolved(await store.save(other, next), true, "save() after it", reason);
        await assertHolds(store, other, next, reason);
      },
    },
  ),
  ...clause(
    "damaged",
    { sentence: 12 },
    {
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
    },
  ),
  ...clause(
    "damaged",
    { sentence: 15, needs: ["list"] },
    {
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
    },
  ),
  ...clause(
    "damaged",
    { sentence: 15, needs: ["list"] },
    {
      "list() of another owner does not reject": async (store, fixture) => {
        const unreadable = fixture.handle();
        await store.save(unreadable, fixture.record({ owner: "ada" }));
        const ofBob = await fixture.saveMany(store, 5, () => ({ owner: "bob" }));
        await fixture.damage(unreadable);
        const reason = "ada's damaged record is no concern of bob";
        assertHandles(await collect(store.list("bob")), ofBob.keys(), reason);
      },
    },
  ),
  ...clause(
    "damaged",
    { sentence: 16, needs: ["sweep"] },
    {
      "sweep() skips the record and removes expired ones": async (store, fixture) => {
        const { expiresAt } = fixture.shortLived();
        const unreadable = fixture.handle();
        await store.save(unreadable, fixture.record({ expiresAt }));
        await fixture.saveMany(store, 30, () => ({ expiresAt }));
        await fixture.damage(unreadable);
        await fixture.time.reach(expiresAt);
        const removed = await store.sweep();
        // The expiry of the damaged one may be readable, and it has passed.
        const isRight = removed === 30 || removed === 31;
        assert.ok(isRight, `sweep() must remove 30 expired records, but it removed ${removed}`);
      },
      "sweep() leaves a damaged record that has not expired": async (store, fixture) => {
        const { expiresAt } = fixture.shortLived();
        const unreadable = fixture.handle();
        await store.save(unreadable, fixture.record({ owner: "ada" }));
        await fixture.saveMany(store, 30, () => ({ expiresAt }));
        await fixture.damage(unreadable);
        await fixture.time.reach(expiresAt);
        assertResolved(await store.sweep(), 30, "sweep()", "30 records had expired");
        const reason = "a damaged session must not turn into no session";
        await assertRejects(() => store.load(unreadable), CODE, `load() after sweep(): ${reason}`);
      },
    },
  ),
];
