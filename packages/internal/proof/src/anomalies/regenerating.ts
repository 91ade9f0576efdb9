import assert from "node:assert/strict";
import type { RegenerateOptions, Session } from "@sess/core";
import { type Scenario, scenario } from "./scenario.ts";

/** `over`: another process saves after the session was loaded. */
function regenerating(name: string, options: RegenerateOptions, over: boolean): Scenario {
  return scenario(name, async (world) => {
    const old = await world.stored();
    let session = await world.held(old);
    session.set("mine", true);
    if (over) await world.elsewhere.update(old, (fresh) => fresh.set("theirs", true));
    const theirs = over ? { theirs: true } : {};
    return {
      act: () => session.regenerate(options),
      /** The client still has the old id. Where that leads nowhere, it is to sign in anew. */
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
        // Of an attempt that failed, a session may be left whose id nobody knows. It ends with its owner.
        const handles = await world.handles();
        assert.ok(handles.length <= 1 + failures);
        if (isLost) return;
        assert.ok(handles.includes(session.handle));
        const expected = { who: world.person, alias: "GoTamer", mine: true, ...theirs };
        assert.deepEqual(sorted(await world.values(session.id)), sorted(expected));
        assert.deepEqual(await world.messages(session.id), ["hello"]);
        session.set("later", true);
        await session.save();
        assert.equal((await world.values(session.id))?.["later"], true);
      },
    };
  });
}

function sorted(values: Record<string, unknown> | undefined) {
  return values && Object.entries(values).sort();
}

const ofNew = scenario("a regenerate of a new session, and its save", async (world) => {
  function visitor(): Session {
    const session = world.sessions.create();
    session.owner = world.person;
    session.set("who", world.person);
    return session;
  }
  let session = visitor();
  const first = session.id;
  async function act() {
    await session.regenerate();
    await session.save();
  }
  return {
    act,
    async anew() {
      session = visitor();
      await act();
    },
    async check({ failures }) {
      assert.equal(await world.elsewhere.load(first), undefined);
      assert.deepEqual(await world.values(session.id), { who: world.person });
      assert.ok((await world.handles()).length <= 1 + failures);
    },
  };
});

const ofEnded = scenario("a regenerate of a session that has ended", async (world) => {
  const old = await world.stored();
  const session = await world.held(old);
  await world.elsewhere.destroy(old);
  return {
    async act() {
      await assert.rejects(session.regenerate(), (error: { code?: unknown }) => {
        if (error.code === "SESSION_DESTROYED") return true;
        throw error;
      });
    },
    async check({ failures }) {
      assert.equal(await world.elsewhere.load(old), undefined);
      assert.equal(await world.elsewhere.load(session.id), undefined);
      assert.ok((await world.handles()).length <= failures);
    },
  };
});

export const regeneratingScenarios: readonly Scenario[] = [
  regenerating("a regenerate", {}, false),
  regenerating("a regenerate that restarts", { restart: true }, false),
  regenerating("a regenerate over another's save", {}, true),
  ofNew,
  ofEnded,
];
