import { test } from "@jest/globals";
import type { FaultEffect } from "@sess/core/conformance";
import fc from "fast-check";
import { ACTIONS, AttemptModel, type Step } from "../support/attempt-model.ts";

const EFFECTS: readonly FaultEffect[] = [
  "reject-before",
  "reject-after",
  "reject-early",
  "duplicate-first",
  "duplicate-second",
];

const fault = fc.record({
  effect: fc.constantFrom(...EFFECTS),
  call: fc.integer({ min: 1, max: 3 }),
});

const WEIGHTS: Partial<Record<(typeof ACTIONS)[number], number>> = {
  set: 4,
  flash: 3,
  save: 5,
  takeFlash: 4,
  update: 2,
  updateThatTakes: 2,
};

const action = fc.oneof(
  ...ACTIONS.map((each) => ({ arbitrary: fc.constant(each), weight: WEIGHTS[each] ?? 1 })),
);

const step: fc.Arbitrary<Step> = fc.record({
  who: fc.constantFrom(0 as const, 0 as const, 1 as const),
  action,
  fault: fc.option(fault, { nil: undefined, freq: 2 }),
});

/** fast-check prints them with a failure, to repeat that one run. */
const { SESS_SEED: seed, SESS_PATH: path, SESS_RUNS: numRuns = 1_000 } = process.env;

test("however saves fail, nothing acknowledged is lost, no message is shown twice, and what has ended stays so", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 25, size: "max" }), (steps) =>
      new AttemptModel().run(steps),
    ),
    {
      numRuns: Number(numRuns),
      ...(seed !== undefined && { seed: Number(seed) }),
      ...(path !== undefined && { path }),
    },
  );
}, 3_600_000);
