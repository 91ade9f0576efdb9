import assert from "node:assert/strict";
import { assertHolds, assertResolved } from "../harness/assertions.ts";
import type { Races } from "./race.ts";

const ROUNDS = 5;

export const sweepRaces: Races<"sweep"> = {
  "a sweep removes no session that replaces an expired one": async (one, other, fixture) => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const { expiresAt } = fixture.shortLived();
      const expired = await fixture.saveMany(one, 50, () => ({ expiresAt }));
      await fixture.time.reach(expiresAt);
      const created = [...expired.keys()].map((handle) => [handle, fixture.record()] as const);
      const create = () => created.map(([handle, record]) => one.save(handle, record));
      const early = round % 2 ? create() : [];
      const sweeping = other.sweep();
      const late = round % 2 ? [] : create();
      const outcomes = await Promise.all([...early, ...late]);
      await sweeping;
      assert.ok(
        outcomes.every(Boolean),
        "every save must be written, because nothing live was there",
      );
      for (const [handle, record] of created) {
        await assertHolds(other, handle, record, "a sweep must check the expiry as it removes");
      }
    }
  },
  "a sweep during saves removes no live session": async (one, other, fixture) => {
    const { expiresAt } = fixture.shortLived();
    const live = await fixture.saveMany(one, 50, () => ({ owner: "ada" }));
    await fixture.saveMany(one, 50, () => ({ expiresAt }));
    await fixture.time.reach(expiresAt);
    const saves = [...live].map(async ([handle, record]) => {
      const next = fixture.next(record);
      const saved = await one.save(handle, next);
      assertResolved(saved, true, "save() during a sweep", "the session is live");
      return [handle, next] as const;
    });
    const [saved] = await Promise.all([Promise.all(saves), other.sweep(), one.sweep()]);
    for (const [handle, record] of saved) await assertHolds(other, handle, record, "it is live");
  },
};

export const touchDuringSweepRaces: Races<"sweep" | "touch"> = {
  "a sweep removes no session that is being extended": async (one, other, fixture) => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const { expiresAt } = fixture.shortLived();
      const sessions = await fixture.saveMany(one, 50, () => ({ expiresAt }));
      // The touches begin while the records are live. A sweep that looks first and removes later meets
      // them in between.
      if (fixture.time.exact) await fixture.time.reach(expiresAt - 1);
      const later = expiresAt + 3_600_000;
      const touches = [...sessions.keys()].map((handle) => one.touch(handle, later));
      const passing = fixture.time.reach(expiresAt);
      const sweeps = [other.sweep(), one.sweep()];
      const touched = await Promise.all(touches);
      await Promise.all([passing, ...sweeps]);
      for (const [index, [handle, record]] of [...sessions].entries()) {
        if (!touched[index]) continue;
        const extended = { ...record, expiresAt: later };
        const reason = "touch() resolved to true, so the session lives on";
        await assertHolds(other, handle, extended, reason);
      }
    }
  },
};
