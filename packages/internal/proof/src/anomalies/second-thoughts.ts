import type { Step } from "../oracle/steps.ts";
import {
  createNew,
  endOwn,
  flash,
  regenerate,
  reloadSilently,
  save,
  set,
  signIn,
  takeFlash,
} from "./request-steps.ts";
import { LOAD, type Scenario } from "./scenario.ts";

const FIRST = { save, takeFlash, regenerate };
const SECOND = { save, takeFlash, regenerate, reload: reloadSilently };

/** After a failure, a caller may go on with something else. */
export const secondThoughts: readonly Scenario[] = Object.entries(FIRST).flatMap(
  ([name, first]) => {
    const mayHaveMoved = first === regenerate;
    const instead = (what: string, act: Step, others: readonly Step[] = []): Scenario => {
      const isEnd = act === endOwn || others.includes(endOwn);
      return {
        name: `a ${act.name}() after a ${name}() that failed${what}`,
        ready: [LOAD, set("a"), flash],
        act: [first],
        instead: {
          others,
          act,
          mayHaveMoved: mayHaveMoved && !isEnd,
          clearsAway: isEnd && (act === endOwn || act === regenerate),
        },
        ifFailed: knowledge(first, others),
      };
    };
    return [
      ...Object.values(SECOND).flatMap((second) => [
        instead("", second),
        instead(" and another's save", second, [set("b"), save]),
      ]),
      ...[endOwn, ...Object.values(SECOND)].map((second) =>
        instead(" and another's end", second, [endOwn]),
      ),
      instead("", endOwn),
    ];
  },
);

/** What comes after a first save that may have happened. */
export const unsureFirstSaves: readonly Scenario[] = [endOwn, regenerate, takeFlash].map((act) => ({
  name: `a ${act.name}() after a first save that failed`,
  ready: [createNew, signIn, set("a"), flash],
  act: [save],
  instead: { others: [], act, mayHaveMoved: false, clearsAway: false },
  ifFailed: "unknown",
}));

/** What is said of a call that failed, when something else comes after it. */
function knowledge(first: Step, others: readonly Step[]): Scenario["ifFailed"] {
  if (first === regenerate) return "unknown";
  // Under another's save, an attempt of unknown outcome cannot be recognised any more.
  if (others.includes(save)) return "lost";
  return first === save ? "unknown" : "again";
}
