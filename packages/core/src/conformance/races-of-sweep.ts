import assert from "node:assert/strict";
import { assertAnswer, assertHolds } from "./assertions.ts";
import { fill } from "./fill.ts";
import type { Races } from "./races.ts";

export const sweepRaces: Races<"sweep"> = {
  "a sweep takes no session that begins over an expired one": async (one, other, lab) => {
    for (let round = 0; round < 5; round += 1) {
      const { expiresAt } = lab.brief();
      const expired = await fill(one, lab, 50, () => ({ expiresAt }));
      await lab.time.reach(expiresAt);
      const created = [...expired.keys()].map((key) => [key, lab.record()] as const);
      const create = () => created.map(([key, record]) => one.save(key, record));
      const [early, swept, late] =
        round % 2 ? [create(), other.sweep(), []] : [[], other.sweep(), create()];
      const outcomes = await Promise.all([...early, ...late]);
      await swept;
      assert.ok(outcomes.every(Boolean), "each key held nothing live, so each save is written");
      for (const [key, record] of created) {
        await assertHolds(other, key, record, "a sweep decides at the moment of removal");
      }
    }
  },
  "a sweep that runs during saves takes no live session": async (one, other, lab) => {
    const { expiresAt } = lab.brief();
    const live = await fill(one, lab, 50, () => ({ owner: "ada" }));
    await fill(one, lab, 50, () => ({ expiresAt }));
    await lab.time.reach(expiresAt);
    const saves = [...live].map(async ([key, record]) => {
      const next = lab.next(record);
      assertAnswer(await one.save(key, next), true, "save() during a sweep", "the session lives");
      return [key, next] as const;
    });
    const [saved] = await Promise.all([Promise.all(saves), other.sweep(), one.sweep()]);
    for (const [key, record] of saved) await assertHolds(other, key, record, "the session lives");
  },
};

export const refreshRaces: Races<"sweep" | "touch"> = {
  "a sweep takes no session that is being extended": async (one, other, lab) => {
    for (let round = 0; round < 5; round += 1) {
      const { expiresAt } = lab.brief();
      const sessions = await fill(one, lab, 50, () => ({ expiresAt }));
      // A sweep that looks, waits and then removes meets the refresh in between.
      if (lab.time.exact) await lab.time.reach(expiresAt - 1);
      const later = expiresAt + 3_600_000;
      const touches = [...sessions.keys()].map((key) => one.touch(key, later));
      const passing = lab.time.reach(expiresAt);
      const sweeps = [other.sweep(), one.sweep()];
      const touched = await Promise.all(touches);
      await Promise.all([passing, ...sweeps]);
      for (const [index, [key, record]] of [...sessions].entries()) {
        if (!touched[index]) continue;
        const extended = { ...record, expiresAt: later };
        await assertHolds(
          other,
          key,
          extended,
          "touch() resolved to true, so the session lives on",
        );
      }
    }
  },
};
