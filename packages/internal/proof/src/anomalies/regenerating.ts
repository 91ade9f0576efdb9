import assert from "node:assert/strict";
import { type RegenerateOptions, SessionError } from "@sess/core";
import { bareScenario, type Scenario, scenario } from "./scenario.ts";
import { STORED } from "./world.ts";

/** `over`: another process saves after the session was loaded. */
function regenerating(name: string, options: RegenerateOptions, over: boolean): Scenario {
  return scenario(name, async (world, old, first) => {
    let session = first;
    session.set("mine", true);
    if (over) await world.elsewhere.update(old, (fresh) => fresh.set("theirs", true));
    return {
      act: () => session.regenerate(options),
      /** The client still has the old id. Where that leads nowhere, they have to sign in again. */
      async anew() {
        const found = await world.sessions.load(old);
        if (found === undefined) return;
        session = world.mine(found);
        session.set("mine", true);
        await session.regenerate(options);
      },
      async check({ sameObject, failures }) {
        assert.equal(await world.elsewhere.load(old), undefined, "the old id must not work");
        const isLost = session.id === old;
        assert.ok(!isLost || (failures > 0 && !sameObject), "the object must have the new id");
        // An attempt that failed may leave a session whose id nobody knows. It ends with its owner's.
        const handles = await world.handles();
        assert.ok(handles.length <= 1 + failures);
        if (isLost) return;
        assert.ok(handles.includes(session.handle));
        const { theirs, ...values } = (await world.values(session.id)) ?? {};
        assert.deepEqual([values, theirs], [{ ...STORED, mine: true }, over ? true : undefined]);
        assert.deepEqual(await world.messages(session.id), ["hello"]);
        await world.mustBeUsable(session);
      },
    };
  });
}

const ofNew = bareScenario("a regenerate of a new session, and its save", async (world) => {
  let session = world.visitor();
  const first = session.id;
  async function act() {
    await session.regenerate();
    await session.save();
  }
  return {
    act,
    async anew() {
      session = world.visitor();
      await act();
    },
    async check({ failures }) {
      assert.equal(await world.elsewhere.load(first), undefined);
      await world.mustHold(session.id, {}, []);
      assert.ok((await world.handles()).length <= 1 + failures);
    },
  };
});

const ofEnded = scenario(
  "a regenerate of a session that has ended",
  async (world, old, session) => {
    await world.elsewhere.destroy(old);
    return {
      async act() {
        const error = await session.regenerate().catch((reason: unknown) => reason);
        if (!hasEnded(error)) throw error ?? new Error("it must notice that the session has ended");
      },
      async check({ failures }) {
        assert.equal(await world.elsewhere.load(old), undefined);
        assert.equal(await world.elsewhere.load(session.id), undefined);
        assert.ok((await world.handles()).length <= failures);
      },
    };
  },
);

export function hasEnded(error: unknown): boolean {
  return error instanceof SessionError && error.code === "SESSION_DESTROYED";
}

export const regeneratingScenarios: readonly Scenario[] = [
  regenerating("a regenerate", {}, false),
  regenerating("a regenerate that restarts", { restart: true }, false),
  regenerating("a regenerate over another's save", {}, true),
  ofNew,
  ofEnded,
];
