import { assertAnswer, assertHolds } from "./assertions.ts";
import { clause } from "./clause.ts";

export const roundTrip = clause("round-trip", [], {
  "a record comes back as it was saved": async (store, lab) => {
    const key = lab.key();
    const record = lab.record({ owner: "ada" });
    assertAnswer(await store.save(key, record), true, "a first save()", "nothing was in its way");
    await assertHolds(store, key, record, "what is saved is what is loaded");
  },
  "a record without owner comes back without the property": async (store, lab) => {
    const key = lab.key();
    const record = lab.record();
    await store.save(key, record);
    await assertHolds(store, key, record, "owner is absent, never undefined or null");
  },
  "a later save replaces the whole record": async (store, lab) => {
    const key = lab.key();
    const first = lab.record({ owner: "ada" });
    await store.save(key, first);
    const second = lab.next(first, {
      owner: "bob",
      createdAt: first.createdAt - 7,
      expiresAt: first.expiresAt + 7,
    });
    await store.save(key, second);
    await assertHolds(store, key, second, "each field is that of the later save");
  },
  "a later save without owner takes the owner away": async (store, lab) => {
    const key = lab.key();
    const { owner: _, ...record } = lab.record({ owner: "ada" });
    await store.save(key, { ...record, owner: "ada" });
    const second = lab.next(record);
    await store.save(key, second);
    await assertHolds(store, key, second, "a field that the later record lacks is gone");
  },
  "times keep every millisecond": async (store, lab) => {
    const key = lab.key();
    const now = lab.time.now();
    const record = lab.record({ createdAt: now - 1_234_567, expiresAt: now + 987_654_321 });
    await store.save(key, record);
    await assertHolds(store, key, record, "times are milliseconds, not rounded to seconds");
  },
  "the first and the last instant of the calendar are times like others": async (store, lab) => {
    const key = lab.key();
    const record = lab.record({ createdAt: 0, expiresAt: Date.UTC(9999, 11, 31, 23, 59, 59, 999) });
    await store.save(key, record);
    await assertHolds(store, key, record, "times from 1970 to 9999 are kept");
  },
  "sessions side by side keep to themselves": async (store, lab) => {
    const keys = lab.keys(100);
    const records = keys.map(() => lab.record());
    await Promise.all(records.map((record, index) => store.save(keys[index] ?? "", record)));
    for (const [index, record] of records.entries()) {
      await assertHolds(store, keys[index] ?? "", record, "each session has its own record");
    }
  },
  "keys that differ only in case are two sessions": async (store, lab) => {
    const tail = lab.key().slice(3);
    const [one, other] = [`~Aa${tail}`, `~aA${tail}`];
    const [record, second] = [lab.record(), lab.record()];
    await store.save(one, record);
    const reason = "keys are compared byte by byte";
    assertAnswer(await store.save(other, second), true, "save() under another key", reason);
    await assertHolds(store, one, record, reason);
    await assertHolds(store, other, second, reason);
  },
});
