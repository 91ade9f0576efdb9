import assert from "node:assert/strict";
import { type Scenario, scenario } from "./scenario.ts";
import type { World } from "./world.ts";

const load = scenario("a load", async (world) => {
  const id = await world.stored();
  return {
    async act() {
      const session = world.mine(await world.sessions.load(id));
      assert.deepEqual(session.keys(), ["who", "alias"]);
      assert.equal(session.isNew, false);
    },
    async check() {
      assert.deepEqual(await world.values(id), { who: world.person, alias: "GoTamer" });
    },
  };
});

const open = scenario("an open", async (world) => {
  const id = await world.stored();
  return {
    async act() {
      const session = world.mine(await world.sessions.open(id));
      assert.deepEqual([session.id, session.isNew], [id, false]);
    },
    async check() {
      assert.equal((await world.handles()).length, 1);
    },
  };
});

const openOfNone = scenario("an open of a session that has ended", async (world) => {
  const id = await world.stored();
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
function listing(name: string, handlesOf: (world: World) => Promise<Set<string>>): Scenario {
  return scenario(name, async (world) => {
    await world.stored();
    const moved = await world.heldElsewhere(await world.stored());
    await moved.regenerate();
    const expected = await world.handles();
    return {
      async act() {
        const listed = await handlesOf(world);
        assert.deepEqual(
          expected.filter((handle) => !listed.has(handle)),
          [],
          "it must list all",
        );
      },
      async check() {
        assert.deepEqual(await world.handles(), expected);
      },
    };
  });
}

const listOfOne = listing("a list of an owner", async ({ sessions, person }) => {
  const handles = new Set<string>();
  for await (const { handle, owner, get } of sessions.list(person)) {
    assert.equal(owner, person);
    assert.ok([person, undefined].includes(get("who")));
    handles.add(handle);
  }
  assert.equal(handles.size, 2);
  return handles;
});

const listOfAll = listing("a list of all", async ({ sessions }) => {
  const handles = new Set<string>();
  for await (const { handle, owner, get } of sessions.list()) {
    assert.ok([owner, undefined].includes(get("who")));
    handles.add(handle);
  }
  return handles;
});

export const readingScenarios: readonly Scenario[] = [load, open, openOfNone, listOfOne, listOfAll];
