import assert from "node:assert/strict";
import { assertHoldsNothing, assertRecord, assertResolved } from "../harness/assertions.ts";
import { type Races, ROUNDS, winners } from "./race.ts";

const TOUCHES = 20;

export const touchRaces: Races<"touch"> = {
  "after a delete and touches at the same time the session is gone": async (
    one,
    other,
    fixture,
  ) => {
    const reason = "a touch must not bring back an ended session";
    for (let round = 0; round < ROUNDS; round += 1) {
      const handle = fixture.handle();
      const record = fixture.record();
      await one.save(handle, record);
      const touch = () => one.touch(handle, record.expiresAt + 60_000);
      const remove = () => other.delete(handle);
      await Promise.all(round % 2 ? [touch(), remove(), touch()] : [remove(), touch()]);
      await assertHoldsNothing(one, handle, reason);
      await assertHoldsNothing(other, handle, reason);
    }
  },
  "a touch during a save loses nothing of the save": async (one, other, fixture) => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const handle = fixture.handle();
      const record = fixture.record({ owner: "ada" });
      const next = fixture.next(record, { owner: "bob", expiresAt: record.expiresAt + 1 });
      const touchedTo = record.expiresAt + 2;
      await one.save(handle, record);
      const touch = () => other.touch(handle, touchedTo);
      const save = () => one.save(handle, next);
      const outcomes = await Promise.all(
        round % 2 ? [touch(), save(), touch()] : [save(), touch()],
      );
      assert.ok(outcomes.every(Boolean), "the touches and the save must all resolve to true");
      const loaded = await other.load(handle);
      // Either may have come last.
      const expiresAt = loaded?.expiresAt === touchedTo ? touchedTo : next.expiresAt;
      assertRecord(loaded, { ...next, expiresAt }, "a touch moves only the expiry");
    }
  },
  "touches at the same time leave the expiry of one of them": async (one, other, fixture) => {
    const handle = fixture.handle();
    const record = fixture.record();
    await one.save(handle, record);
    const expiries = Array.from({ length: TOUCHES }, (_, index) => record.expiresAt + 1 + index);
    const won = await winners([one, other], expiries, (store, expiresAt) =>
      store.touch(handle, expiresAt),
    );
    const problem = `${TOUCHES} touches must resolve to true, but ${won.length} did`;
    assert.equal(won.length, TOUCHES, problem);
    const expiresAt = (await one.load(handle))?.expiresAt ?? 0;
    assert.ok(expiries.includes(expiresAt), `expiresAt is ${expiresAt}, which no touch asked for`);
  },
  "a delete with the revision succeeds during a touch": async (one, other, fixture) => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const handle = fixture.handle();
      const record = fixture.record();
      await one.save(handle, record);
      const [, deleted] = await Promise.all([
        one.touch(handle, record.expiresAt + 1),
        other.delete(handle, 1),
      ]);
      assertResolved(deleted, true, "delete(handle, 1)", "a touch must not change the revision");
      await assertHoldsNothing(one, handle, "it was deleted");
    }
  },
};
