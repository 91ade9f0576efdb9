import assert from "node:assert/strict";
import { type Scenario, scenario } from "./scenario.ts";
import type { World } from "./world.ts";

const HOUR = 3_600_000;

async function expiry({ elsewhere }: World, id: string): Promise<number> {
  return Number((await elsewhere.load(id))?.expiresAt);
}

/** An access that changes nothing, when an extension is due. */
const extending = scenario("an extension", async (world) => {
  const id = await world.stored();
  const before = await expiry(world, id);
  let session = await world.held(id);
  world.pass(4 * HOUR);
  return {
    act: () => session.save(),
    async anew() {
      session = await world.held(id);
      await session.save();
    },
    async check() {
      assert.equal(await expiry(world, id), before + 4 * HOUR);
      assert.deepEqual(await world.values(id), { who: world.person, alias: "GoTamer" });
      assert.deepEqual(await world.messages(id), ["hello"]);
    },
  };
});

const extendingOfMoved = scenario("an extension of a session that has moved", async (world) => {
  const id = await world.stored({ idleTimeout: 100_000 });
  const session = await world.held(id);
  const moved = await world.heldElsewhere(id);
  await moved.regenerate();
  world.pass(50_000);
  const marker = await world.store.store.load(session.handle);
  return {
    async act() {
      const error = await session.save().catch((reason: unknown) => reason);
      // Where extending is a save, one that is refused counts as done.
      const isTold = world.store.touch !== undefined;
      if (isTold ? Object(error).code !== "SESSION_DESTROYED" : error) throw error;
    },
    async check() {
      assert.equal(await world.elsewhere.load(id), undefined);
      assert.deepEqual(await world.handles(), [moved.handle]);
      assert.deepEqual(await world.store.store.load(session.handle), marker);
    },
  };
});

export const sweeping = scenario("a sweep", async (world) => {
  const id = await world.stored();
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
      assert.deepEqual(await world.values(id), { who: world.person, alias: "GoTamer" });
    },
  };
});

export const lastingScenarios: readonly Scenario[] = [extending, extendingOfMoved, sweeping];
