import { assertAnswer, assertHolds, assertHoldsNothing } from "./assertions.ts";
import { clause } from "./clause.ts";

export const touch = [
  ...clause("touch", ["touch"], {
    "the expiry moves ahead and nothing else changes": async (store, lab) => {
      const key = lab.key();
      const record = lab.brief({ owner: "ada" });
      await store.save(key, record);
      const expiresAt = record.expiresAt + 60_000;
      assertAnswer(await store.touch(key, expiresAt), true, "touch()", "the record is live");
      await lab.time.reach(record.expiresAt);
      await assertHolds(store, key, { ...record, expiresAt }, "a touch moves the expiry alone");
    },
    "the expiry moves back": async (store, lab) => {
      const key = lab.key();
      const record = lab.record();
      await store.save(key, record);
      const { expiresAt } = lab.brief();
      assertAnswer(await store.touch(key, expiresAt), true, "touch()", "the record is live");
      await assertHolds(store, key, { ...record, expiresAt }, "the new expiry has not come");
      await lab.time.reach(expiresAt);
      await assertHoldsNothing(store, key, "the expiry of the touch counts");
    },
    "an expiry in the past ends the session": async (store, lab) => {
      const key = lab.key();
      await store.save(key, lab.record());
      await store.touch(key, lab.time.now() - 60_000);
      await assertHoldsNothing(store, key, "the expiry of the touch has passed");
    },
    "a deleted session is not revived": async (store, lab) => {
      const key = lab.key();
      await store.save(key, lab.record());
      await store.delete(key);
      const reason = "a session that was ended stays ended";
      assertAnswer(await store.touch(key, lab.time.now() + 60_000), false, "touch()", reason);
      await assertHoldsNothing(store, key, reason);
    },
    "with the revision of the live record the expiry moves": async (store, lab) => {
      const key = lab.key();
      const first = lab.record({ owner: "ada" });
      const second = lab.next(first);
      await store.save(key, first);
      await store.save(key, second);
      const expiresAt = second.expiresAt + 60_000;
      const call = "touch(key, expiresAt, 2)";
      assertAnswer(await store.touch(key, expiresAt, 2), true, call, "it is the live revision");
      await assertHolds(store, key, { ...second, expiresAt }, "a touch moves the expiry alone");
    },
    "with another revision nothing moves": async (store, lab) => {
      const key = lab.key();
      const first = lab.record({ owner: "ada" });
      const second = lab.next(first);
      await store.save(key, first);
      await store.save(key, second);
      const reason = "the live record has another revision";
      for (const revision of [1, 3]) {
        const touched = await store.touch(key, second.expiresAt + 60_000, revision);
        assertAnswer(touched, false, `touch(key, expiresAt, ${revision})`, reason);
      }
      await assertHolds(store, key, second, reason);
    },
    "a touch is no revision": async (store, lab) => {
      const key = lab.key();
      const record = lab.record();
      await store.save(key, record);
      await store.touch(key, record.expiresAt + 1);
      await store.touch(key, record.expiresAt + 2);
      const next = lab.next(record);
      const reason = "a touch must not make a save that comes after it stale";
      assertAnswer(await store.save(key, next), true, "save() of revision 2 after touches", reason);
      await store.touch(key, record.expiresAt + 3);
      assertAnswer(await store.delete(key, 2), true, "delete(key, 2) after a touch", reason);
    },
    "what was saved before is what stands after": async (store, lab) => {
      const key = lab.key();
      const first = lab.record({ owner: "ada" });
      const second = lab.next(first, { owner: "bob" });
      await store.save(key, first);
      await store.touch(key, first.expiresAt + 1);
      await store.save(key, second);
      const expiresAt = first.expiresAt + 2;
      await store.touch(key, expiresAt);
      await assertHolds(store, key, { ...second, expiresAt }, "a touch brings no old state back");
    },
    "other sessions keep their expiry": async (store, lab) => {
      const [key, other] = [lab.key(), lab.key()];
      const record = lab.record({ owner: "ada" });
      await store.save(key, lab.record({ owner: "ada" }));
      await store.save(other, record);
      await store.touch(key, record.expiresAt + 60_000);
      await assertHolds(store, other, record, "another session was touched");
    },
  }),
];
