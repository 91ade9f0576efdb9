import assert from "node:assert/strict";
import { afterAll, beforeAll, describe, test } from "@jest/globals";
import { orSkip } from "@sess/test-servers";
import { StoppedClock } from "@sess/test-support";
import fc from "fast-check";
import { runs } from "../src/effort.ts";
import { linearize } from "../src/history/linearize.ts";
import { groupSpecification, MOST_HOLDERS, type Played, play } from "../src/interleavings/group.ts";
import * as steps from "../src/oracle/steps.ts";
import { report } from "../src/results.ts";
import { everyEngine, openStores } from "../src/stores/stores.ts";

let clock: StoppedClock;

beforeAll(() => {
  clock = new StoppedClock();
});

afterAll(() => {
  clock[Symbol.dispose]();
});

/** What ends the session is the rarer part. */
const step = fc.oneof(
  { weight: 6, arbitrary: steps.local },
  { weight: 6, arbitrary: steps.saving },
  { weight: 3, arbitrary: steps.changingUpdate },
  { weight: 1, arbitrary: steps.load },
  { weight: 1, arbitrary: fc.oneof(steps.destroy, steps.revoke, steps.signOutEverywhere) },
);
const program = fc.array(fc.record({ step, which: fc.nat(2) }), {
  ...{ minLength: 1, maxLength: 6, size: "max" },
});
const programs = fc.array(program, { minLength: 2, maxLength: MOST_HOLDERS, size: "max" });

describe.each(everyEngine())("over $name", (kind) => {
  orSkip(test, kind.missing())(
    "whatever holders of one session do at once, it is as if they did it one after another",
    async () => {
      const property = fc.asyncProperty(programs, fc.scheduler(), async (each, scheduler) => {
        const stores = await openStores(kind, await kind.place(), MOST_HOLDERS);
        try {
          const { operations, initial } = await play(stores, each, steps.AT_LAST, scheduler, clock);
          assert.ok(
            operations.every(({ answer }) => answer !== undefined),
            "a step failed",
          );
          const unexplained = linearize(operations, groupSpecification(initial));
          assert.equal(unexplained && story(operations, unexplained.next), undefined);
        } finally {
          for (const store of stores) await store.close();
        }
      });
      const schedules = runs(2_000 * kind.share, 50_000 * kind.share);
      await fc.assert(property, schedules);
      report(`interleavings over ${kind.name}`, { schedules: schedules.numRuns });
    },
    3_600_000,
  );
});

/** Who did what, from when to when, and what could not be explained. */
function story(operations: Played["operations"], next: Played["operations"]): string {
  const told = operations.toSorted((one, other) => one.start - other.start);
  const lines = told.map((operation) => {
    const { call, start, end, answer } = operation;
    const mark = next.includes(operation) ? "?" : " ";
    const { holder, step, id } = call;
    return `${mark} ${start}-${end} holder ${holder}: ${step.name} ${id}: ${answer?.is}`;
  });
  return ["No order explains:", ...lines].join("\n");
}
