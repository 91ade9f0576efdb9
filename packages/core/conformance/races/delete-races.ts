import assert from "node:assert/strict";
import { assertHolds, assertHoldsNothing } from "../harness/assertions.ts";
import { type Races, ROUNDS, winners } from "./race.ts";

export const deleteRaces: Races<never> = {
  "after a delete and saves at the same time the session is gone": async (one, other, fixture) => {
    const reason = "a session that was ended came back";
    for (let round = 0; round < ROUNDS; round += 1) {
      const handle = fixture.handle();
      const record = fixture.record();
      await one.save(handle, record);
      const save = () => one.save(handle, fixture.next(record));
      const remove = () => other.delete(handle);
      // Whichever comes first: the delete removes what was saved, or the save finds no live record.
      await Promise.all(round % 2 ? [save(), remove(), save()] : [remove(), save()]);
      await assertHoldsNothing(one, handle, reason);
      await assertHoldsNothing(other, handle, reason);
    }
  },
  "of a save and a delete with the revision exactly one wins": async (one, other, fixture) => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const handle = fixture.handle();
      const record = fixture.record();
      const next = fixture.next(record);
      await one.save(handle, record);
      const save = () => one.save(handle, next);
      // Each is started first in half of the rounds.
      const early = round % 2 ? save() : undefined;
      const deleting = other.delete(handle, 1);
      const [saved, deleted] = await Promise.all([early ?? save(), deleting]);
      assert.ok(
        saved !== deleted,
        `exactly one must win, but save() resolved to ${saved} and delete() to ${deleted}`,
      );
      if (saved) await assertHolds(other, handle, next, "the save won");
      else await assertHoldsNothing(one, handle, "the delete won");
    }
  },
  "of 50 deletes exactly one resolves to true": async (one, other, fixture) => {
    for (const revision of [undefined, 1]) {
      const handle = fixture.handle();
      await one.save(handle, fixture.record());
      const deletes = Array.from({ length: 50 }, () => revision);
      const won = await winners([one, other], deletes, (store) =>
        revision === undefined ? store.delete(handle) : store.delete(handle, revision),
      );
      const call = revision === undefined ? "delete(handle)" : `delete(handle, ${revision})`;
      assert.equal(won.length, 1, `one ${call} of 50 must resolve to true, but ${won.length} did`);
    }
  },
};
