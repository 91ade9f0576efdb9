import type { StoreMethod } from "@sess/core/conformance";
import type { Around } from "@sess/test-support";

/** Runs `task` once, just before the n-th call of `method` reaches the store. */
export function between(method: StoreMethod, task: () => unknown, n = 1): Around {
  let calls = 0;
  return async (call, apply) => {
    if (call.method === method) {
      calls += 1;
      if (calls === n) await task();
    }
    return apply();
  };
}

/** Lets up to three ticks pass before and after each call: the same ones for the same seed. */
export function shuffled(seed: number): Around {
  const random = numbers(seed);
  const ticks = async () => {
    for (let left = random(4); left > 0; left -= 1) {
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return async (_, apply) => {
    await ticks();
    const result = await apply();
    await ticks();
    return result;
  };
}

/** A linear congruential generator. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
