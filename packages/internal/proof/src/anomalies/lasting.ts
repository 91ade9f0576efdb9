import assert from "node:assert/strict";
import { hasEnded } from "./regenerating.ts";
import { type Scenario, scenario } from "./scenario.ts";
import { STORED } from "./world.ts";

const HOUR = 3_600_000;

/** An access without a change, when an extension is due. */
const extending = scenario("an extension", async (world, id, first) => {
  let session = first;
  const before = session.expiresAt.getTime();
  world.pass(4 * HOUR);
  return {
    act: () => session.save(),
    async anew() {
      session = await world.held(id);
      await session.save();
    },
    async check() {
      const { expiresAt } = await world.heldElsewhere(id);
      assert.equal(expiresAt.getTime(), before + 4 * HOUR);
      await world.mustHold(id, STORED);
    },
  };
});

const extendingOfMoved = scenario(
  "an extension of a session that has moved",
  async (world, id, session) => {
    const moved = await world.heldElsewhere(id);
    await moved.regenerate();
    world.pass(50_000);
    const forwarding = await world.store.store.load(session.handle);
    return {
      async act() {
        const error = await session.save().catch((reason: unknown) => reason);
        // Where a store has no touch(), extending is a save, and a refused one counts as done.
        const mustTell = world.store.touch !== undefined;
        if (mustTell ? !hasEnded(error) : error !== undefined) throw error;
      },
      async check() {
        assert.equal(await world.elsewhere.load(id), undefined);
        assert.deepEqual(await world.handles(), [moved.handle]);
        assert.deepEqual(await world.store.store.load(session.handle), forwarding);
      },
    };
  },
  { idleTimeout: 100_000 },
);

export const sweeping = scenario("a sweep", async (world, id) => {
  for (let count = 0; count < 3; count += 1) {
    const brief = world.elsewhere.create({ idleTimeout: 1_000 });
    brief.owner = world.person;
    await brief.save();
  }
  world.pass(2_000);
  return {
    act: () => world.sessions.sweep(),
    async check() {
      assert.equal(await world.elsewhere.sweep(), 0, "what expired must be removed");
      assert.deepEqual(await world.values(id), STORED);
    },
  };
});

export const lastingScenarios: readonly Scenario[] = [extending, extendingOfMoved, sweeping];
