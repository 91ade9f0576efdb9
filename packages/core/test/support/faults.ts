import type { Around, Call, Verb } from "./reference-store.ts";

/** How a call fails: before the store did what was asked, after it, or by being sent twice. */
export type Fault = "rejects before applying" | "applies, then rejects" | "applies twice";

export const FAULTS: readonly Fault[] = [
  "rejects before applying",
  "applies, then rejects",
  "applies twice",
];

export class EngineError extends Error {}

export function faulty(fault: Fault, isHit: (call: Call) => boolean): Around {
  return async (call, apply) => {
    if (!isHit(call)) return apply();
    if (fault === "rejects before applying") throw new EngineError("the engine failed");
    const result = await apply();
    if (fault === "applies twice") return apply();
    throw new EngineError(`the engine failed after ${String(result)}`);
  };
}

/** Hits the first call of `verb` and no other. */
export function first(verb: Verb): (call: Call) => boolean {
  let met = false;
  return (call) => {
    const hit = !met && call.verb === verb;
    met ||= hit;
    return hit;
  };
}

/** Runs `task` once, before the n-th call of `verb` reaches the store: another comes between. */
export function between(verb: Verb, task: () => unknown, n = 1): Around {
  let met = 0;
  return async (call, apply) => {
    if (call.verb === verb) {
      met += 1;
      if (met === n) await task();
    }
    return apply();
  };
}

/** Lets a random number of turns pass before and after each call; the same ones for the same seed. */
export function shuffled(seed: number): Around {
  const random = numbers(seed);
  const turns = async () => {
    for (let left = random(4); left > 0; left -= 1) await new Promise((go) => setImmediate(go));
  };
  return async (_, apply) => {
    await turns();
    const result = await apply();
    await turns();
    return result;
  };
}

function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
