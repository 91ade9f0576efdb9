import assert from "node:assert/strict";
import type { Session } from "@sess/core";
import { hasEnded } from "./regenerating.ts";
import { isUnknown, type Scenario, scenario } from "./scenario.ts";
import { STORED } from "./world.ts";

type Shown = unknown[];

const CALLS = {
  save: (session: Session) => session.save(),
  async takeFlash(session: Session, shown: Shown) {
    shown.push(...(await session.takeFlash("notice")));
  },
  regenerate: (session: Session) => session.regenerate(),
  reload: (session: Session) => session.reload(),
  destroy: (session: Session) => session.destroy(),
} as const;

type Call = keyof typeof CALLS;

const FIRST: readonly Call[] = ["save", "takeFlash", "regenerate"];
const SECOND: readonly Call[] = ["save", "takeFlash", "regenerate", "reload"];

/** The first call on an object with changes, and what follows when that has failed. */
function inTurn(session: Session, shown: Shown, first: Call, then: () => Promise<unknown>) {
  session.set("mine", true);
  session.flash("notice", "mine");
  let isFirst = true;
  return () => {
    if (!isFirst) return then();
    isFirst = false;
    return CALLS[first](session, shown);
  };
}

/** After a call that failed, the object is asked for another one, and goes on. */
function goingOn(first: Call, second: Call, over: boolean): Scenario {
  /** An object whose session has moved finds it again by the call that failed, and by no other. */
  async function finding(session: Session, task: () => Promise<unknown>): Promise<void> {
    const error = await task().catch((reason: unknown) => reason);
    if (error === undefined) return;
    if (first !== "regenerate" || !hasEnded(error)) throw error;
    await session.regenerate();
  }

  const name = `a ${second}() after a ${first}() that failed${over ? " and another's save" : ""}`;
  return scenario(name, (world, id, session) => {
    const shown: Shown = [];
    let theirs = {};
    return {
      act: inTurn(session, shown, first, async () => {
        const change = (fresh: Session) => fresh.set("theirs", true);
        if (over && (await world.elsewhere.update(id, change))) theirs = { theirs: true };
        await finding(session, () => CALLS[second](session, shown));
      }),
      async check(run) {
        await finding(session, () => session.save());
        const values = await world.values(session.id);
        assert.deepEqual({ ...values }, { ...STORED, mine: true, ...theirs });
        if (session.id !== id) assert.equal(await world.elsewhere.load(id), undefined);
        shown.push(...(await world.messages(session.id)));
        const times = (text: string) => shown.filter((each) => each === text).length;
        // Under another's save, an attempt of unknown outcome cannot be recognised any more.
        const isLost = over && isUnknown(run);
        const [hello, mine] = [times("hello"), times("mine")];
        assert.ok(hello === 1 || (isLost && hello === 0), `hello: ${hello}`);
        assert.ok(mine === 1 || (isLost && mine <= 1 + run.failures), `mine: ${mine}`);
        // Regenerates that failed may leave sessions whose ids nobody knows.
        assert.ok((await world.handles()).length <= 1 + run.failures);
      },
    };
  });
}

/** After a call that failed, the session is ended: by the object, or by another process. */
function ending(first: Call, second: Call, by: "the object" | "another"): Scenario {
  const end = by === "another" ? " and another's end" : "";
  return scenario(
    `a ${second}() after a ${first}() that failed${end}`,
    async (world, id, session) => {
      const holder = await world.heldElsewhere(id);
      const shown: Shown = [];
      return {
        act: inTurn(session, shown, first, async () => {
          if (by === "another") await world.elsewhere.destroy(id);
          if (second === "destroy") return session.destroy();
          const error = await CALLS[second](session, shown).catch((reason: unknown) => reason);
          if (!hasEnded(error))
            throw error ?? new Error("it must notice that the session has ended");
        }),
        async check({ effect, failures }) {
          if (failures === 0) await session.destroy();
          await world.mustHaveEnded(id, holder);
          assert.equal(await world.elsewhere.load(session.id), undefined);
          // The object clears away what a regenerate has left, unless the store does that one later.
          const mayLeave = effect === "reject-early" || !["destroy", "regenerate"].includes(second);
          const most = [first, second].includes("regenerate") && mayLeave ? failures : 0;
          assert.ok((await world.handles()).length <= most);
        },
      };
    },
  );
}

/** Whoever met a failure need not do the same again. */
export const secondThoughts: readonly Scenario[] = FIRST.flatMap((first) => [
  ...SECOND.flatMap((second) => [goingOn(first, second, false), goingOn(first, second, true)]),
  ending(first, "destroy", "the object"),
  ...[...SECOND, "destroy" as const].map((second) => ending(first, second, "another")),
]);
