import assert from "node:assert/strict";
import type { Session } from "@sess/core";
import { bareScenario, isUnknown, type Scenario, scenario } from "./scenario.ts";
import { STORED } from "./world.ts";

/** A change of a stored session, saved; `over` what another process has saved meanwhile. */
function saving(
  name: string,
  change: (session: Session) => void,
  expected: Record<string, unknown>,
  over = false,
): Scenario {
  return scenario(name, async (world, id, session) => {
    change(session);
    if (over) await world.elsewhere.update(id, (fresh) => fresh.set("theirs", true));
    return {
      act: () => session.save(),
      async anew() {
        const next = await world.held(id);
        change(next);
        await next.save();
      },
      async check() {
        await world.mustHold(id, expected);
        assert.deepEqual(await world.handles(), [session.handle]);
        await world.mustBeUsable(session);
      },
    };
  });
}

const firstSave = bareScenario("a first save", async (world) => {
  function visitor(): Session {
    const session = world.visitor();
    session.flash("notice", "hello");
    return session;
  }
  let session = visitor();
  return {
    act: () => session.save(),
    anew() {
      session = visitor();
      return session.save();
    },
    async check({ sameObject, failures }) {
      assert.equal(session.isNew, false);
      await world.mustHold(session.id, {});
      // A first request that failed may leave a session whose id nobody was told.
      assert.ok((await world.handles()).length <= (sameObject ? 1 : 1 + failures));
    },
  };
});

const reload = scenario("a reload", async (world, id, session) => {
  session.set("mine", true);
  await world.elsewhere.update(id, (fresh) => fresh.set("theirs", true));
  return {
    act: () => session.reload(),
    async check() {
      assert.deepEqual([session.get("mine"), session.get("theirs")], [true, true]);
      await session.save();
      assert.deepEqual(await world.values(id), { ...STORED, theirs: true, mine: true });
    },
  };
});

const update = scenario("an update", async (world, id) => {
  await world.elsewhere.update(id, (fresh) => fresh.set("views", 0));
  let updated: Session | undefined;
  return {
    async act() {
      updated = await world.sessions.update(id, (fresh) => {
        fresh.set("views", world.mine(fresh).get("views") + 1);
      });
      world.mine(updated);
    },
    async check(run) {
      const { views, ...rest } = (await world.values(id)) ?? {};
      assert.deepEqual(rest, STORED);
      // An update must not be repeated blindly: it may have happened when it failed.
      const most = isUnknown(run) ? 1 + run.failures : 1;
      assert.ok(Number(views) >= 1 && Number(views) <= most, `views are ${views}`);
      await world.mustBeUsable(world.mine(updated));
    },
  };
});

const updateOfEnded = scenario("an update of a session that has ended", async (world, id) => {
  await world.elsewhere.destroy(id);
  return {
    async act() {
      const run = () => assert.fail("there is nothing to change");
      assert.equal(await world.sessions.update(id, run), undefined);
    },
    async check() {
      assert.deepEqual(await world.handles(), []);
    },
  };
});

export const savingScenarios: readonly Scenario[] = [
  firstSave,
  saving("a save", (session) => session.set("theme", "dark"), { ...STORED, theme: "dark" }),
  saving(
    "a save over another's",
    (session) => session.set("theme", "dark"),
    { ...STORED, theirs: true, theme: "dark" },
    true,
  ),
  saving("a deleted key", (session) => void session.delete("alias"), {}),
  saving(
    "a clear() over another's save",
    (session) => {
      const who = session.get("who");
      session.clear();
      session.set("who", who);
    },
    {},
    true,
  ),
  reload,
  update,
  updateOfEnded,
];
