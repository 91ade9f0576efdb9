import assert from "node:assert/strict";
import { isUnknown, type Scenario, scenario } from "./scenario.ts";

const flash = scenario("a flash message", async (world) => {
  const id = await world.stored();
  let session = await world.held(id);
  session.flash("notice", "saved");
  return {
    act: () => session.save(),
    async anew() {
      session = await world.held(id);
      session.flash("notice", "saved");
      await session.save();
    },
    async check(run) {
      const messages = await world.messages(id);
      assert.equal(messages.shift(), "hello");
      // A new request queues it once more, as it was told to.
      const most = !run.sameObject && isUnknown(run) ? 1 + run.failures : 1;
      assert.ok(
        messages.length >= 1 && messages.length <= most,
        `it is there ${messages.length} times`,
      );
      assert.ok(messages.every((message) => message === "saved"));
      await session.save();
      assert.deepEqual(await world.messages(id), [], "it must not come again");
    },
  };
});

/** `over`: another process queues a message after the session was loaded. */
function taking(name: string, over: boolean): Scenario {
  return scenario(name, async (world) => {
    const id = await world.stored();
    const session = await world.held(id);
    if (over) await world.elsewhere.update(id, (fresh) => fresh.flash("notice", "theirs"));
    session.set("unsaved", true);
    const shown: unknown[] = [];
    const expected = over ? ["hello", "theirs"] : ["hello"];
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
        // A request that failed may have taken them along; nothing shows one twice.
        if (run.sameObject || !isUnknown(run)) assert.deepEqual(shown, expected);
        else assert.ok(shown.length === 0 || isSame(shown, expected), `shown were ${shown}`);
        assert.equal((await world.values(id))?.["unsaved"], true);
      },
    };
  });
}

function isSame(one: readonly unknown[], other: readonly unknown[]): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

const takingInUpdate = scenario("a takeFlash() in an update", async (world) => {
  const id = await world.stored();
  const shown: unknown[] = [];
  return {
    async act() {
      let taken: unknown[] = [];
      await world.sessions.update(id, async (fresh) => {
        taken = await fresh.takeFlash("notice");
      });
      shown.push(...taken);
    },
    async check(run) {
      shown.push(...(await world.messages(id)));
      if (!isUnknown(run)) assert.deepEqual(shown, ["hello"]);
      else assert.ok(shown.length === 0 || isSame(shown, ["hello"]), `shown were ${shown}`);
    },
  };
});

export const flashingScenarios: readonly Scenario[] = [
  flash,
  taking("a takeFlash()", false),
  taking("a takeFlash() over another's message", true),
  takingInUpdate,
];
