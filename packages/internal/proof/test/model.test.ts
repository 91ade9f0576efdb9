import { afterAll, beforeAll, describe, test } from "@jest/globals";
import type { Codec } from "@sess/core";
import { orSkip } from "@sess/test-servers";
import { StoppedClock } from "@sess/test-support";
import fc from "fast-check";
import { runs } from "../src/effort.ts";
import { SideBySide, type Variant } from "../src/oracle/side-by-side.ts";
import * as steps from "../src/oracle/steps.ts";
import { report } from "../src/results.ts";
import { everyStore } from "../src/stores/stores.ts";

const { MINUTE } = steps;

/** Not canonical: it encodes what it decoded differently from how it was set. */
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

const manager = fc.nat(1);
const index = fc.nat(11);

/** A step, with the manager that takes it and the number of an object and an id. */
function taken(step: fc.Arbitrary<steps.Step>) {
  return steps.draw("", fc.tuple(manager, index, step), (run: SideBySide, [by, at, each]) => {
    return run.take(each, by, at);
  });
}

const sweep = steps.draw("sweep", manager, (run: SideBySide, by) => run.sweep(by));
const reopen = steps.draw(
  "reopen",
  fc.tuple(fc.boolean(), fc.constantFrom(60 * MINUTE, 60 * MINUTE, 10 * MINUTE)),
  (run: SideBySide, [seals, absoluteTimeout]) => run.reopen(seals, absoluteTimeout),
);
const pass = steps.draw(
  "pass",
  fc.constantFrom(1, MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 20 * MINUTE - 1, 60 * MINUTE - 1),
  (run: SideBySide, ms) => run.pass(ms),
);

const onSessions = taken(
  fc.oneof(
    steps.create,
    steps.load,
    steps.open,
    steps.lookup,
    steps.destroy,
    steps.revoke,
    steps.revokeAll,
    steps.list,
  ),
);
const onObject = taken(
  fc.oneof({ weight: 9, arbitrary: steps.local }, { weight: 2, arbitrary: steps.keeping }),
);
const saving = taken(steps.saving);
const update = taken(fc.oneof(steps.update, steps.updateObject));

/** Printed with a failure: the command at which it came. */
const { SESS_REPLAY: replayPath } = process.env;

/** All that can be done, in an order that nobody thought of. */
const commands = fc.commands<object, SideBySide, false>(
  [
    ...[onObject, onObject, onObject, onObject, onObject, onObject, onObject],
    ...[saving, saving, saving, saving, saving, update, update, update],
    ...[onSessions, onSessions, onSessions, onSessions, onSessions, onSessions],
    ...[pass, pass, pass, sweep, reopen],
  ].map((each) => each.map(command)),
  { maxCommands: 60, size: "max", ...(replayPath !== undefined && { replayPath }) },
);

function command({ name, act }: steps.Drawn<SideBySide>): fc.AsyncCommand<object, SideBySide> {
  return {
    check: () => true,
    run: async (_, run) => void (await act(run)),
    toString: () => name,
  };
}

let clock: StoppedClock;

beforeAll(() => {
  clock = new StoppedClock();
});

afterAll(() => {
  clock[Symbol.dispose]();
});

describe.each(everyStore())("over $name", (kind) => {
  orSkip(test, kind.missing())(
    "sessions do what the oracle says, whatever is called in whatever order",
    async () => {
      const property = fc.asyncProperty(variant, commands, async (how, all) => {
        const run = await SideBySide.begin(kind, clock, how);
        try {
          await fc.asyncModelRun(() => ({ model: {}, real: run }), all);
          await run.compareAll();
        } finally {
          await run.close();
        }
      });
      const orders = runs(3_000 * kind.share, 60_000 * kind.share);
      await fc.assert(property, orders);
      report(`model over ${kind.name}`, { orders: orders.numRuns });
    },
    3_600_000,
  );
});
