import { afterAll, beforeAll, describe, test } from "@jest/globals";
import type { Codec } from "@sess/core";
import { orSkip } from "@sess/test-servers";
import fc from "fast-check";
import { StoppedClock } from "../src/clock.ts";
import { commands } from "../src/model/commands.ts";
import { KINDS } from "../src/model/edits.ts";
import { MINUTE, Run, type Variant } from "../src/model/run.ts";
import { runs } from "../src/runs.ts";
import { everyStore } from "../src/stores.ts";
import { tally } from "../src/tally.ts";

/** Not canonical: what was decoded is encoded in another way than what was set. */
const sorting: Codec = {
  stringify: JSON.stringify,
  parse: (text) =>
    JSON.parse(text, (_, value) => {
      if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
      return Object.fromEntries(Object.entries(value).sort());
    }),
};

const variant: fc.Arbitrary<Variant> = fc.record({
  codec: fc.constantFrom(undefined, sorting),
  encrypt: fc.constantFrom(false, false, true),
  touchAfter: fc.constantFrom(undefined, 0, 11 * MINUTE),
});

/** The part of a failure that says at which command, as it was printed. */
const REPLAY = process.env["SESS_REPLAY"];

let clock: StoppedClock;

beforeAll(() => {
  clock = new StoppedClock();
});

afterAll(() => {
  clock[Symbol.dispose]();
});

describe.each(everyStore())("over $name", (kind) => {
  const title = "sessions do what the model does, whatever is called in whatever order";
  orSkip(test, kind.missing())(
    title,
    async () => {
      const property = fc.asyncProperty(variant, commands(REPLAY), async (how, steps) => {
        const run = await Run.begin(kind, clock, how);
        try {
          await fc.asyncModelRun(() => ({ model: run.world, real: run }), steps);
          await run.compareAll(KINDS);
        } finally {
          await run.close();
        }
      });
      const count = runs(3_000 * kind.share, 60_000 * kind.share);
      await fc.assert(property, count);
      tally(`model over ${kind.name}`, { orders: count.numRuns });
    },
    3_600_000,
  );
});
