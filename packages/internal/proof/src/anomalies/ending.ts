import assert from "node:assert/strict";
import type { Session } from "@sess/core";
import { bareScenario, type Scenario, scenario } from "./scenario.ts";
import type { World } from "./world.ts";

type End = (world: World, session: Session) => Promise<unknown>;

const byObject: End = (_, session) => session.destroy();
const byId: End = ({ sessions }, { id }) => sessions.destroy(id);
const byHandle: End = ({ sessions }, { handle }) => sessions.revoke(handle);
const byOwner: End = ({ sessions, person: owner }, { handle }) =>
  sessions.revoke(handle, { owner });

/** Ends a session that another request has changed and not saved. */
function ending(name: string, end: End, anew: End = end): Scenario {
  return scenario(name, async (world, id, session) => {
    const holder = await world.heldElsewhere(id);
    return {
      act: () => end(world, session),
      anew: () => anew(world, session),
      check: () => world.mustHaveEnded(id, holder),
    };
  });
}

/** Ends a session that has got a new id since its holder loaded it. */
function endingOfMoved(name: string, end: End): Scenario {
  return scenario(name, async (world, id, old) => {
    const moved = await world.heldElsewhere(id);
    await moved.regenerate();
    return {
      act: () => end(world, old),
      async check() {
        assert.equal(await world.elsewhere.load(id), undefined);
        await world.mustHaveEnded(moved.id, moved);
      },
    };
  });
}

/** Ends a session that gets a new id between the look at it and its end. */
function endingOfMoving(name: string, end: End, mends = false): Scenario {
  return scenario(name, async (world, id, session) => {
    const moving = await world.heldElsewhere(id);
    return {
      mends,
      act: () => end(world, session),
      async meanwhile() {
        await moving.regenerate().catch(() => {});
      },
      async check() {
        assert.equal(await world.elsewhere.load(id), undefined);
        await world.mustHaveEnded(moving.id, moving);
        assert.deepEqual(await world.handles(), []);
      },
    };
  });
}

const destroyOfUnsure = bareScenario(
  "a destroy() after a first save that may have happened",
  async (world) => {
    const session = world.visitor();
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

const revokeOfOthers = scenario(
  "a revoke() of a session of another owner",
  (world, _, { handle }) => ({
    async act() {
      assert.equal(await world.sessions.revoke(handle, { owner: "another" }), false);
    },
    async check() {
      assert.deepEqual(await world.handles(), [handle]);
    },
  }),
);

interface SignOut {
  /** Whether the session that asks is spared. */
  readonly spares: boolean;
  /** Whether one of the others has got a new id. */
  readonly hasMoved: boolean;
}

function revokingAll(name: string, { spares, hasMoved }: SignOut): Scenario {
  return scenario(name, async (world, id, kept) => {
    const holders: Session[] = [];
    for (const other of [await world.stored(), await world.stored()]) {
      holders.push(await world.heldElsewhere(other));
    }
    if (hasMoved) await holders[0]?.regenerate();
    if (!spares) holders.push(await world.heldElsewhere(id));
    let ended = 0;
    return {
      // It meets again, in its next pass, what it could not end.
      mends: true,
      async act() {
        ended += await world.sessions.revokeAll(world.person, spares ? { except: kept } : {});
      },
      async check({ effect, failures }) {
        for (const holder of holders) await world.mustHaveEnded(holder.id, holder);
        assert.deepEqual(await world.handles(), spares ? [kept.handle] : []);
        if (spares) assert.deepEqual(await world.messages(id), ["hello"]);
        // Whether a call that failed, or was sent twice, has ended one cannot be known.
        const isSure = failures === 0 && /^(hang|delay)/.test(effect);
        assert.ok(isSure ? ended === holders.length : ended <= holders.length, `ended: ${ended}`);
      },
    };
  });
}

export const endingScenarios: readonly Scenario[] = [
  ending("a destroy() of an object", byObject, byId),
  ending("a destroy() by id", byId),
  ending("a revoke()", byHandle),
  ending("a revoke() by its owner", byOwner),
  endingOfMoved("a destroy() of an object whose session has moved", byObject),
  endingOfMoved("a destroy() by an old id", byId),
  endingOfMoved("a revoke() by an old handle", byOwner),
  endingOfMoving("a destroy() of a session that is moving", byObject),
  endingOfMoving("a destroy() by the id of a session that is moving", byId),
  endingOfMoving(
    "a revokeAll() of a session that is moving",
    ({ sessions, person }) => sessions.revokeAll(person),
    true,
  ),
  destroyOfUnsure,
  revokeOfOthers,
  revokingAll("a revokeAll()", { spares: false, hasMoved: false }),
  revokingAll("a revokeAll() but one", { spares: true, hasMoved: false }),
  revokingAll("a revokeAll() but one, of which one has moved", { spares: true, hasMoved: true }),
];
