import assert from "node:assert/strict";
import type { SessionSummary } from "@sess/core";
import { type Scenario, scenario } from "./scenario.ts";
import { STORED, type World } from "./world.ts";

const load = scenario("a load", (world, id) => ({
  async act() {
    const session = world.mine(await world.sessions.load(id));
    assert.deepEqual([session.isNew, session.keys()], [false, ["who", "alias"]]);
  },
  async check() {
    assert.deepEqual(await world.values(id), STORED);
  },
}));

const open = scenario("an open", (world, id) => ({
  async act() {
    const session = world.mine(await world.sessions.open(id));
    assert.deepEqual([session.isNew, session.id], [false, id]);
  },
  async check() {
    assert.equal((await world.handles()).length, 1);
  },
}));

const openOfEnded = scenario("an open of a session that has ended", async (world, id) => {
  await world.elsewhere.destroy(id);
  return {
    async act() {
      const session = await world.sessions.open(id);
      assert.deepEqual([session.isNew, session.keys()], [true, []]);
      assert.notEqual(session.id, id);
    },
    async check() {
      assert.equal(await world.elsewhere.load(id), undefined);
    },
  };
});

/** A list that failed on its way must not pass for a shorter one. */
function listing(name: string, listOf: (world: World) => AsyncIterable<SessionSummary>): Scenario {
  return scenario(name, async (world) => {
    const moved = await world.heldElsewhere(await world.stored());
    await moved.regenerate();
    const expected = await world.handles();
    assert.equal(expected.length, 2);
    return {
      async act() {
        const listed = new Set<string>();
        for await (const { handle, owner, get } of listOf(world)) {
          assert.ok([owner, undefined].includes(get("who")));
          if (owner === world.person) listed.add(handle);
        }
        assert.deepEqual([...listed].sort(), expected.toSorted(), "it must list all");
      },
      async check() {
        assert.deepEqual(await world.handles(), expected);
      },
    };
  });
}

export const readingScenarios: readonly Scenario[] = [
  load,
  open,
  openOfEnded,
  listing("a list of an owner", ({ sessions, person }) => sessions.list(person)),
  listing("a list of all", ({ sessions }) => sessions.list()),
];
