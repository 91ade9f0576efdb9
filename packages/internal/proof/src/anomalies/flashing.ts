import assert from "node:assert/strict";
import { isUnknown, type Run, type Scenario, scenario } from "./scenario.ts";

const flash = scenario("a flash message", (world, id, first) => {
  let session = first;
  session.flash("notice", "saved");
  return {
    act: () => session.save(),
    async anew() {
      session = await world.held(id);
      session.flash("notice", "saved");
      await session.save();
    },
    async check(run) {
      const [hello, ...saved] = await world.messages(id);
      assert.equal(hello, "hello");
      // A new request queues it again, as it was told to.
      const most = !run.sameObject && isUnknown(run) ? 1 + run.failures : 1;
      assert.ok(saved.length >= 1 && saved.length <= most, `it is there ${saved.length} times`);
      assert.ok(saved.every((message) => message === "saved"));
      await session.save();
      assert.deepEqual(await world.messages(id), [], "it must not come again");
    },
  };
});

/** `over`: another process queues a message after the session was loaded. */
function taking(name: string, over: boolean): Scenario {
  return scenario(name, async (world, id, session) => {
    if (over) await world.elsewhere.update(id, (fresh) => fresh.flash("notice", "theirs"));
    session.set("unsaved", true);
    const shown: unknown[] = [];
    return {
      async act() {
        shown.push(...(await session.takeFlash("notice")));
      },
      async anew() {
        shown.push(...(await (await world.held(id)).takeFlash("notice")));
      },
      async check(run) {
        await session.save();
        shown.push(...(await session.takeFlash("notice")), ...(await world.messages(id)));
        const mayBeLost = isUnknown(run) && !run.sameObject;
        mustBeShownOnce(shown, over ? ["hello", "theirs"] : ["hello"], mayBeLost);
        assert.equal((await world.values(id))?.["unsaved"], true);
      },
    };
  });
}

const takingInUpdate = scenario("a takeFlash() in an update", (world, id) => {
  const shown: unknown[] = [];
  return {
    async act() {
      let taken: unknown[] = [];
      await world.sessions.update(id, async (fresh) => {
        taken = await fresh.takeFlash("notice");
      });
      shown.push(...taken);
    },
    async check(run: Run) {
      shown.push(...(await world.messages(id)));
      mustBeShownOnce(shown, ["hello"], isUnknown(run));
    },
  };
});

/** A request that failed may have taken them along. Nothing is shown twice. */
function mustBeShownOnce(shown: readonly unknown[], expected: string[], mayBeLost: boolean): void {
  if (!mayBeLost || shown.length > 0) assert.deepEqual(shown, expected);
}

export const flashingScenarios: readonly Scenario[] = [
  flash,
  taking("a takeFlash()", false),
  taking("a takeFlash() over another's message", true),
  takingInUpdate,
];
