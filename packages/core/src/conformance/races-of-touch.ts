import assert from "node:assert/strict";
import { assertAnswer, assertHoldsNothing, assertSame } from "./assertions.ts";
import { type Races, ROUNDS, winners } from "./races.ts";

export const touchRaces: Races<"touch"> = {
  "after a touch against a delete the session is gone": async (one, other, lab) => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const key = lab.key();
      const record = lab.record();
      await one.save(key, record);
      const touch = () => one.touch(key, record.expiresAt + 60_000);
      const remove = () => other.delete(key);
      await Promise.all(round % 2 ? [touch(), remove(), touch()] : [remove(), touch()]);
      await assertHoldsNothing(one, key, "a touch must not bring back what was ended");
      await assertHoldsNothing(other, key, "a touch must not bring back what was ended");
    }
  },
  "a touch against a save loses nothing of the save": async (one, other, lab) => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const key = lab.key();
      const record = lab.record({ owner: "ada" });
      const next = lab.next(record, { owner: "bob", expiresAt: record.expiresAt + 1 });
      const touchedTo = record.expiresAt + 2;
      await one.save(key, record);
      const touch = () => other.touch(key, touchedTo);
      const save = () => one.save(key, next);
      const calls = round % 2 ? [touch, save, touch] : [save, touch];
      const outcomes = await Promise.all(calls.map((call) => call()));
      assert.ok(outcomes.every(Boolean), "the touches and the save must all resolve to true");
      const loaded = await other.load(key);
      const { expiresAt } = loaded?.expiresAt === touchedTo ? { expiresAt: touchedTo } : next;
      assertSame(loaded, { ...next, expiresAt }, "a touch moves the expiry and nothing else");
    }
  },
  "touches at once leave the expiry of one of them": async (one, other, lab) => {
    const key = lab.key();
    const record = lab.record();
    await one.save(key, record);
    const won = await winners([one, other], 20, (store, index) =>
      store.touch(key, record.expiresAt + 1 + index),
    );
    assert.equal(won.length, 20, `20 touches must resolve to true, but ${won.length} did`);
    const loaded = await one.load(key);
    const by = (loaded?.expiresAt ?? 0) - record.expiresAt;
    assert.ok(by >= 1 && by <= 20, `the expiry moved by ${by} ms, which no touch asked for`);
  },
  "a touch against a delete with the revision does not save the session": async (
    one,
    other,
    lab,
  ) => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const key = lab.key();
      const record = lab.record();
      await one.save(key, record);
      const [, deleted] = await Promise.all([
        one.touch(key, record.expiresAt + 1),
        other.delete(key, 1),
      ]);
      assertAnswer(deleted, true, "delete(key, 1)", "a touch is no revision");
      await assertHoldsNothing(one, key, "it was deleted");
    }
  },
};
