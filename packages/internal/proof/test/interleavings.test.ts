import { afterAll, beforeAll, describe, test } from "@jest/globals";
import { orSkip } from "@sess/test-servers";
import { StoppedClock } from "@sess/test-support";
import fc from "fast-check";
import { runs } from "../src/effort.ts";
import { MOST_HOLDERS, play } from "../src/interleavings/group.ts";
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
          const recording = await play(stores, each, scheduler, clock);
          recording.mustBeExplained();
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
