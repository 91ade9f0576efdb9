import assert from "node:assert/strict";
import type { Session } from "@sess/core";
import { assertEnded } from "./ended.ts";
import { isUnknown, type Scenario, type Scene, scenario } from "./scenario.ts";
import type { World } from "./world.ts";

type Shown = unknown[];

const calls = {
  save: (session: Session) => session.save(),
  async takeFlash(session: Session, shown: Shown) {
    shown.push(...(await session.takeFlash("notice")));
  },
  regenerate: (session: Session) => session.regenerate(),
  reload: (session: Session) => session.reload(),
  destroy: (session: Session) => session.destroy(),
} as const;

type Call = keyof typeof calls;

const FIRST: readonly Call[] = ["save", "takeFlash", "regenerate"];
const SECOND: readonly Call[] = ["save", "takeFlash", "regenerate", "reload"];

/** An object with changes, and what `goOn` does with it when its first call has failed. */
async function failing(
  world: World,
  first: Call,
  goOn: (session: Session, shown: Shown) => Promise<unknown>,
) {
  const id = await world.stored();
  const session = await world.held(id);
  const holder = await world.heldElsewhere(id);
  session.set("mine", true);
  session.flash("notice", "mine");
  const shown: Shown = [];
  let isFirst = true;
  function act() {
    const call = isFirst ? calls[first] : goOn;
    isFirst = false;
    return call(session, shown);
  }
  return { id, session, holder, shown, act };
}

/** After a call that failed the object is asked for another, and goes on. */
function goingOn(first: Call, second: Call, over: boolean): Scenario {
  /** Where the session has moved, its object finds it again by the call that failed, and no other. */
  async function finding(session: Session, task: () => Promise<unknown>): Promise<void> {
    const error = await task().catch((reason: unknown) => reason);
    if (error === undefined) return;
    if (first !== "regenerate" || Object(error).code !== "SESSION_DESTROYED") throw error;
    await session.regenerate();
  }

  const name = `a ${second}() after a ${first}() that failed${over ? " and another's save" : ""}`;
  return scenario(name, async (world): Promise<Scene> => {
    let theirs = {};
    const scene = await failing(world, first, async (object, shown) => {
      const change = (fresh: Session) => fresh.set("theirs", true);
      if (over && (await world.elsewhere.update(id, change))) theirs = { theirs: true };
      await finding(object, () => calls[second](object, shown));
    });
    const { id, session, shown, act } = scene;
    return {
      act,
      async check(run) {
        await finding(session, () => session.save());
        const expected = { who: world.person, alias: "GoTamer", mine: true, ...theirs };
        const values = (await world.values(session.id)) ?? {};
        assert.deepEqual(Object.entries(values).sort(), Object.entries(expected).sort());
        if (session.id !== id) assert.equal(await world.elsewhere.load(id), undefined);
        shown.push(...(await world.messages(session.id)));
        const [hello, mine] = ["hello", "mine"].map((text) =>
          shown.filter((each) => each === text),
        );
        // Over another's save an attempt of unknown outcome cannot be recognised any more.
        const isLost = over && isUnknown(run);
        assert.ok(
          hello?.length === 1 || (isLost && hello?.length === 0),
          `hello: ${hello?.length}`,
        );
        assert.ok(
          mine?.length === 1 || (isLost && Number(mine?.length) <= 1 + run.failures),
          `mine: ${mine?.length}`,
        );
        // Of regenerates that failed, sessions may be left whose ids nobody knows.
        assert.ok((await world.handles()).length <= 1 + run.failures);
      },
    };
  });
}

/** After a call that failed the session is ended: here by the object, or elsewhere. */
function ending(first: Call, second: Call, by: "the object" | "another"): Scenario {
  const end = by === "another" ? " and another's end" : "";
  return scenario(`a ${second}() after a ${first}() that failed${end}`, async (world) => {
    const scene = await failing(world, first, async (object, shown) => {
      if (by === "another") await world.elsewhere.destroy(id);
      if (second === "destroy") return object.destroy();
      const error = await calls[second](object, shown).catch((reason: unknown) => reason);
      if (Object(error).code === "SESSION_DESTROYED") return;
      throw error ?? new Error("it must notice that the session has ended");
    });
    const { id, session, holder, act } = scene;
    return {
      act,
      async check({ effect, failures }) {
        if (failures === 0) await session.destroy();
        await assertEnded(world, id, holder);
        assert.equal(await world.elsewhere.load(session.id), undefined);
        // What a regenerate has left is cleared away by the object, unless the store did it later.
        const mayLeave = effect === "reject-early" || !["destroy", "regenerate"].includes(second);
        const most = [first, second].includes("regenerate") && mayLeave ? failures : 0;
        assert.ok((await world.handles()).length <= most);
      },
    };
  });
}

/** Whoever met a failure need not do the same again. */
export const secondThoughts: readonly Scenario[] = FIRST.flatMap((first) => [
  ...SECOND.flatMap((second) => [goingOn(first, second, false), goingOn(first, second, true)]),
  ending(first, "destroy", "the object"),
  ...[...SECOND, "destroy" as const].map((second) => ending(first, second, "another")),
]);
