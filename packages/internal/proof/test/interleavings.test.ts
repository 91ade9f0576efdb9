import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { orSkip } from "@sess/test-servers";
import { StoppedClock } from "@sess/test-support";
import fc from "fast-check";
import { runs } from "../src/effort.ts";
import { BROKEN_STORES } from "../src/history/broken-stores.ts";
import { MOST_HOLDERS, play, type Rejections } from "../src/interleavings/group.ts";
import * as steps from "../src/oracle/steps.ts";
import { report } from "../src/results.ts";
import type { WholeStore } from "../src/stores/store-kind.ts";
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
  { weight: 2, arbitrary: steps.changingUpdate },
  { weight: 2, arbitrary: steps.changingUpdateObject },
  { weight: 1, arbitrary: steps.load },
  { weight: 1, arbitrary: fc.oneof(steps.destroy, steps.revoke, steps.signOutEverywhere) },
);
const program = fc.array(fc.record({ step, which: fc.nat(2) }), {
  ...{ minLength: 1, maxLength: 6, size: "max" },
});
const programs = fc.array(program, { minLength: 2, maxLength: MOST_HOLDERS, size: "max" });

/** Which of the first writes of each holder fail, and how. */
const rejections: fc.Arbitrary<Rejections> = fc.array(
  fc.record({
    effect: fc.constantFrom("reject-before", "reject-after"),
    method: fc.constantFrom("save", "delete", "touch"),
    call: fc.integer({ min: 1, max: 5 }),
  }),
  { maxLength: 3 },
);

/** What the holders of one session saw must have an order that explains it. */
function holdersOf(open: () => Promise<readonly WholeStore[]>, isRejecting: boolean) {
  const rejected = isRejecting ? rejections : fc.constant([]);
  return fc.asyncProperty(programs, fc.scheduler(), rejected, async (each, scheduler, rejects) => {
    const stores = await open();
    try {
      const recording = await play(stores, each, scheduler, clock, rejects);
      recording.mustBeExplained();
    } finally {
      for (const store of stores) await store.close();
    }
  });
}

describe.each(everyEngine())("over $name", (kind) => {
  const open = async () => openStores(kind, await kind.place(), MOST_HOLDERS);

  orSkip(test, kind.missing()).each([
    ["whatever holders of one session do at once", false],
    ["also where some writes are rejected, which may have happened", true],
  ])(
    "%s, it is as if they did it one after another",
    async (_, isRejecting) => {
      const schedules = runs(1_000 * kind.share, 25_000 * kind.share);
      await fc.assert(holdersOf(open, isRejecting), schedules);
      const what = isRejecting ? "interleavings with rejected writes" : "interleavings";
      report(`${what} over ${kind.name}`, { schedules: schedules.numRuns });
    },
    3_600_000,
  );
});

test.each(BROKEN_STORES.slice(0, 3))("a store is noticed that %s", async (_, create) => {
  const open = async () => Array<WholeStore>(MOST_HOLDERS).fill(create());
  const { failed } = await fc.check(holdersOf(open, false), { numRuns: 2_000 });
  expect(failed).toBe(true);
});
