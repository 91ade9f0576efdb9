import { assertHolds, assertHoldsNothing, assertResolved } from "../harness/assertions.ts";
import { clause } from "../harness/clause.ts";

export const touch = clause(
  "touch",
  { sentence: 13, needs: ["touch"] },
  {
    "the expiry moves ahead and nothing else changes": async (store, fixture) => {
      const handle = fixture.handle();
      const record = fixture.shortLived({ owner: "ada" });
      await store.save(handle, record);
      const expiresAt = record.expiresAt + 60_000;
      assertResolved(await store.touch(handle, expiresAt), true, "touch()", "the record is live");
      await fixture.time.reach(record.expiresAt);
      await assertHolds(store, handle, { ...record, expiresAt }, "a touch moves only the expiry");
    },
    "the expiry moves back": async (store, fixture) => {
      const handle = fixture.handle();
      const record = fixture.record();
      await store.save(handle, record);
      const { expiresAt } = fixture.shortLived();
      assertResolved(await store.touch(handle, expiresAt), true, "touch()", "the record is live");
      await assertHolds(store, handle, { ...record, expiresAt }, "it has not expired yet");
      await fixture.time.reach(expiresAt);
      await assertHoldsNothing(store, handle, "it expires when the touch says");
    },
    "a deleted session is not revived": async (store, fixture) => {
      const handle = fixture.handle();
      await store.save(handle, fixture.record());
      await store.delete(handle);
      const reason = "an ended session stays ended";
      const touched = await store.touch(handle, fixture.time.now() + 60_000);
      assertResolved(touched, false, "touch()", reason);
      await assertHoldsNothing(store, handle, reason);
    },
    "the expiry moves if the record has the given revision": async (store, fixture) => {
      const handle = fixture.handle();
      const first = fixture.record({ owner: "ada" });
      const second = fixture.next(first);
      await store.save(handle, first);
      await store.save(handle, second);
      const expiresAt = second.expiresAt + 60_000;
      const touched = await store.touch(handle, expiresAt, 2);
      assertResolved(touched, true, "touch(handle, expiresAt, 2)", "it is the live revision");
      await assertHolds(store, handle, { ...second, expiresAt }, "a touch moves only the expiry");
    },
    "nothing moves if the record has another revision": async (store, fixture) => {
      const handle = fixture.handle();
      const first = fixture.record({ owner: "ada" });
      const second = fixture.next(first);
      await store.save(handle, first);
      await store.save(handle, second);
      const reason = "the live record has revision 2";
      for (const revision of [1, 3]) {
        const touched = await store.touch(handle, second.expiresAt + 60_000, revision);
        assertResolved(touched, false, `touch(handle, expiresAt, ${revision})`, reason);
      }
      await assertHolds(store, handle, second, reason);
    },
    "the revision stays the same": async (store, fixture) => {
      const handle = fixture.handle();
      const record = fixture.record();
      await store.save(handle, record);
      await store.touch(handle, record.expiresAt + 1);
      await store.touch(handle, record.expiresAt + 2);
      const saved = await store.save(handle, fixture.next(record));
      const reason = "a touch must not change the revision";
      assertResolved(saved, true, "save() of revision 2 after touches", reason);
      await store.touch(handle, record.expiresAt + 3);
      const deleted = await store.delete(handle, 2);
      assertResolved(deleted, true, "delete(handle, 2) after a touch", reason);
    },
    "a touch does not bring back what a save replaced": async (store, fixture) => {
      const handle = fixture.handle();
      const first = fixture.record({ owner: "ada" });
      const second = fixture.next(first, { owner: "bob" });
      await store.save(handle, first);
      await store.touch(handle, first.expiresAt + 1);
      await store.save(handle, second);
      const expiresAt = first.expiresAt + 2;
      await store.touch(handle, expiresAt);
      await assertHolds(store, handle, { ...second, expiresAt }, "the last save counts");
    },
    "other sessions keep their expiry": async (store, fixture) => {
      const [handle, other] = [fixture.handle(), fixture.handle()];
      const record = fixture.record({ owner: "ada" });
      await store.save(handle, fixture.record({ owner: "ada" }));
      await store.save(other, record);
      await store.touch(handle, record.expiresAt + 60_000);
      await assertHolds(store, other, record, "another session was touched");
    },
  },
);
