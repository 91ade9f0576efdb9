import assert from "node:assert/strict";
import type { Session } from "@sess/core";
import { assertEnded } from "./ended.ts";
import { type Scenario, type Scene, scenario } from "./scenario.ts";
import type { World } from "./world.ts";

type End = (world: World, session: Session) => Promise<unknown>;

/** Ends a session that another request has changed and not saved. */
function ending(name: string, end: End, anew: End = end): Scenario {
  return scenario(name, async (world) => {
    const id = await world.stored();
    const session = await world.held(id);
    const holder = await world.heldElsewhere(id);
    return {
      act: () => end(world, session),
      anew: () => anew(world, session),
      check: () => assertEnded(world, id, holder),
    };
  });
}

/** Ends a session that has got a new id since its holder loaded it. */
function endingOfMoved(name: string, end: End): Scenario {
  return scenario(name, async (world) => {
    const id = await world.stored();
    const old = await world.held(id);
    const moved = await world.heldElsewhere(id);
    await moved.regenerate();
    return {
      act: () => end(world, old),
      async check() {
        assert.equal(await world.elsewhere.load(id), undefined);
        await assertEnded(world, moved.id, moved);
      },
    };
  });
}

const destroyOfUnsure = scenario(
  "a destroy() after a first save that may have happened",
  async (world) => {
    const session = world.sessions.create();
    session.owner = world.person;
    session.set("who", world.person);
    const fault = world.store.inject({ effect: "reject-after" });
    await session.save().catch(() => {});
    await fault.heal();
    return {
      act: () => session.destroy(),
      anew: () => world.sessions.destroy(session.id),
      async check() {
        assert.equal(await world.elsewhere.load(session.id), undefined);
        assert.deepEqual(await world.handles(), []);
      },
    };
  },
);

const revokeOfOthers = scenario("a revoke() of a session of another owner", async (world) => {
  const id = await world.stored();
  const { handle } = await world.held(id);
  return {
    async act() {
      assert.equal(await world.sessions.revoke(handle, { owner: "another" }), false);
    },
    async check() {
      assert.deepEqual(await world.handles(), [handle]);
    },
  };
});

/** Signs out everywhere, or everywhere else; `moving`: one of the sessions has moved on to a new id. */
function revokingAll(name: string, keeps: boolean, moving: boolean): Scenario {
  return scenario(name, async (world): Promise<Scene> => {
    const kept = await world.held(await world.stored());
    const ids = [await world.stored(), await world.stored()];
    const holders = await Promise.all(ids.map((id) => world.heldElsewhere(id)));
    if (moving) await holders[0]?.regenerate();
    const sessions = [...holders, ...(keeps ? [] : [await world.heldElsewhere(kept.id)])];
    let ended = 0;
    return {
      // One that could not be ended is met again in the next pass, until none is left.
      mends: true,
      async act() {
        ended += await world.sessions.revokeAll(world.person, keeps ? { except: kept } : {});
      },
      async check({ effect, failures }) {
        for (const holder of sessions) await assertEnded(world, holder.id, holder);
        const handles = await world.handles();
        assert.deepEqual(handles, keeps ? [kept.handle] : []);
        if (keeps) assert.deepEqual(await world.messages(kept.id), ["hello"]);
        // Whether a call that failed, or was sent twice, has ended one cannot be known.
        const isSure = failures === 0 && /^(hang|delay)/.test(effect);
        assert.ok(isSure ? ended === sessions.length : ended <= sessions.length, `ended: ${ended}`);
      },
    };
  });
}

/** Ends a session that gets a new id between the look at it and its end. */
function endingOfMoving(name: string, end: End, mends = false): Scenario {
  return scenario(name, async (world) => {
    const id = await world.stored();
    const session = await world.held(id);
    const moving = await world.heldElsewhere(id);
    return {
      mends,
      act: () => end(world, session),
      async meanwhile() {
        await moving.regenerate().catch(() => {});
      },
      async check() {
        assert.equal(await world.elsewhere.load(id), undefined);
        await assertEnded(world, moving.id, moving);
        assert.deepEqual(await world.handles(), []);
      },
    };
  });
}

export const endingScenarios: readonly Scenario[] = [
  ending(
    "a destroy() of an object",
    (_, session) => session.destroy(),
    ({ sessions }, { id }) => sessions.destroy(id),
  ),
  ending("a destroy() by id", ({ sessions }, { id }) => sessions.destroy(id)),
  ending("a revoke()", ({ sessions }, { handle }) => sessions.revoke(handle)),
  ending("a revoke() by its owner", ({ sessions, person: owner }, { handle }) =>
    sessions.revoke(handle, { owner }),
  ),
  endingOfMoved("a destroy() of an object whose session has moved", (_, old) => old.destroy()),
  endingOfMoved("a destroy() by an old id", ({ sessions }, { id }) => sessions.destroy(id)),
  endingOfMoved("a revoke() by an old handle", ({ sessions, person: owner }, { handle }) =>
    sessions.revoke(handle, { owner }),
  ),
  endingOfMoving("a destroy() of a session that is moving", (_, old) => old.destroy()),
  endingOfMoving("a destroy() by the id of a session that is moving", ({ sessions }, { id }) =>
    sessions.destroy(id),
  ),
  endingOfMoving(
    "a revokeAll() of a session that is moving",
    ({ sessions, person }) => sessions.revokeAll(person),
    true,
  ),
  destroyOfUnsure,
  revokeOfOthers,
  revokingAll("a revokeAll()", false, false),
  revokingAll("a revokeAll() but one", true, false),
  revokingAll("a revokeAll() but one, of which one has moved", true, true),
];
