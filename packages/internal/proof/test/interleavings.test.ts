import assert from "node:assert/strict";
import { afterAll, beforeAll, describe, test } from "@jest/globals";
import { orSkip } from "@sess/test-servers";
import fc from "fast-check";
import { StoppedClock } from "../src/clock.ts";
import { linearize } from "../src/history/linearize.ts";
import { groupModel } from "../src/interleavings/group-model.ts";
import { MOST_HOLDERS, type Played, play } from "../src/interleavings/holders.ts";
import { STEPS } from "../src/interleavings/step.ts";
import { runs } from "../src/runs.ts";
import { everyEngine, openStores } from "../src/stores.ts";
import { tally } from "../src/tally.ts";

let clock: StoppedClock;

beforeAll(() => {
  clock = new StoppedClock();
});

afterAll(() => {
  clock[Symbol.dispose]();
});

const anyStep = fc.record({ do: fc.constantFrom(...STEPS), which: fc.nat(2) });
const program = fc.array(anyStep, { minLength: 1, maxLength: 6, size: "max" });
const programs = fc.array(program, { minLength: 2, maxLength: MOST_HOLDERS, size: "max" });

describe.each(everyEngine())("over $name", (kind) => {
  orSkip(test, kind.missing())(
    "whatever holders of one session do at once, it is as if they did it one after another",
    async () => {
      const property = fc.asyncProperty(programs, fc.scheduler(), async (each, scheduler) => {
        const stores = await openStores(kind, await kind.place(), 1 + MOST_HOLDERS);
        try {
          const played = await play(stores, each, scheduler, clock);
          await expectKept(played);
          const { operations, initial } = played;
          const unexplained = linearize(operations, groupModel(initial));
          assert.equal(unexplained && story(operations, unexplained.next), undefined);
        } finally {
          for (const store of stores) await store.close();
        }
      });
      const count = runs(2_000 * kind.share, 50_000 * kind.share);
      await fc.assert(property, count);
      tally(`interleavings over ${kind.name}`, { schedules: count.numRuns });
    },
    3_600_000,
  );
});

/** What must hold by what was acknowledged, whatever the model says. */
async function expectKept({ operations, facts, live, left }: Played): Promise<void> {
  assert.ok(
    operations.every(({ answer }) => answer !== undefined),
    "a step failed",
  );
  assert.ok(live <= 1, "a session lives under two ids");
  const { hasEnded, hasEndedAll, hasChangedHands } = facts;
  const mustHaveEnded = hasEnded || (hasEndedAll && !hasChangedHands);
  assert.ok(!mustHaveEnded || live === 0, "a session that was ended lives");
  assert.ok(hasEnded || hasEndedAll || live === 1, "a session that nobody ended is gone");
  assert.equal(left !== undefined, live === 1, "it lives under an id that nobody was given");
  assert.equal(new Set(facts.taken).size, facts.taken.length, "a message was shown twice");
  if (left === undefined) return;
  assert.ok(facts.hasCleared || left.get("count") === facts.counted, "an update was lost");
  const messages = [...facts.taken, ...(await left.takeFlash("info"))];
  assert.deepEqual(messages.sort(), facts.flashed.sort(), "a message was lost");
}

/** Who did what, from when to when, and what could not be explained. */
function story(operations: Played["operations"], next: Played["operations"]): string {
  const told = operations.toSorted((one, other) => one.start - other.start);
  const lines = told.map((operation) => {
    const { call, start, end, answer } = operation;
    const mark = next.includes(operation) ? "?" : " ";
    return `${mark} ${start}-${end} holder ${call.holder}: ${call.step.do} ${call.id}: ${answer?.is}`;
  });
  return ["No order explains:", ...lines].join("\n");
}
