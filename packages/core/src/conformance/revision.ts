import { assertAnswer, assertHolds, assertHoldsNothing } from "./assertions.ts";
import { clause } from "./clause.ts";

export const revision = clause("revision", [], {
  "a first save is revision 1 over nothing": async (store, lab) => {
    const saved = await store.save(lab.key(), lab.record());
    assertAnswer(saved, true, "save() of revision 1 over nothing", "no live record counts as 0");
  },
  "a later revision over nothing is refused and writes nothing": async (store, lab) => {
    for (const revision of [2, 3, 17]) {
      const key = lab.key();
      const saved = await store.save(key, lab.record({ revision }));
      const reason = "else a stale save brings back a session that was ended";
      assertAnswer(saved, false, `save() of revision ${revision} over nothing`, reason);
      await assertHoldsNothing(store, key, reason);
    }
  },
  "a second first save is refused": async (store, lab) => {
    const key = lab.key();
    const record = lab.record();
    await store.save(key, record);
    const reason = "else a new session takes over another";
    assertAnswer(await store.save(key, lab.record()), false, "save() of revision 1 over 1", reason);
    await assertHolds(store, key, record, reason);
  },
  "the next revision is written": async (store, lab) => {
    const key = lab.key();
    let record = lab.record();
    await store.save(key, record);
    for (let round = 0; round < 20; round += 1) {
      record = lab.next(record);
      const saved = await store.save(key, record);
      assertAnswer(saved, true, `save() of revision ${record.revision}`, "it is the next one");
    }
    await assertHolds(store, key, record, "the last save stands");
  },
  "a revision that is not the next one is refused": async (store, lab) => {
    const key = lab.key();
    const first = lab.record();
    const second = lab.next(first);
    const third = lab.next(second);
    for (const record of [first, second, third]) await store.save(key, record);
    for (const revision of [1, 2, 3, 5, 6, 40]) {
      const saved = await store.save(key, lab.record({ revision }));
      const reason = "else a stale save overwrites a newer one";
      assertAnswer(saved, false, `save() of revision ${revision} over 3`, reason);
    }
    await assertHolds(store, key, third, "a refused save changes nothing");
  },
  "a refused save leaves owner and times alone": async (store, lab) => {
    const key = lab.key();
    const record = lab.record({ owner: "ada" });
    await store.save(key, record);
    const { createdAt, expiresAt } = record;
    const stale = { owner: "bob", createdAt: createdAt - 1, expiresAt: expiresAt + 1_000_000 };
    await store.save(key, lab.record(stale));
    await assertHolds(store, key, record, "a refused save changes nothing");
  },
  "a deleted session is not brought back by a later revision": async (store, lab) => {
    const key = lab.key();
    const record = lab.record();
    await store.save(key, record);
    await store.delete(key);
    const reason = "a session that was ended stays ended";
    assertAnswer(await store.save(key, lab.next(record)), false, "save() after delete()", reason);
    await assertHoldsNothing(store, key, reason);
  },
  "after a delete a first save is taken again": async (store, lab) => {
    const key = lab.key();
    await store.save(key, lab.next(lab.record(), { revision: 1 }));
    await store.delete(key);
    const record = lab.record();
    const saved = await store.save(key, record);
    assertAnswer(saved, true, "save() of revision 1 after delete()", "no live record counts as 0");
    await assertHolds(store, key, record, "the new session stands");
  },
  "the saves of one session leave the revision of others alone": async (store, lab) => {
    const [one, other] = [lab.key(), lab.key()];
    const record = lab.record();
    await store.save(one, record);
    await store.save(other, lab.record());
    await store.save(other, lab.record({ revision: 2 }));
    const saved = await store.save(one, lab.next(record));
    assertAnswer(saved, true, "save() of revision 2", "each session counts for itself");
  },
});
