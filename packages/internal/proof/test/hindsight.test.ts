import { expect, test } from "@jest/globals";
import { effort } from "../src/effort.ts";
import { inHindsight } from "../src/history/hindsight.ts";
import { linearize } from "../src/history/linearize.ts";
import { altered, madeUpHistory } from "../src/history/made-up.ts";
import { ONE_SESSION } from "../src/history/session-calls.ts";
import { Random } from "../src/random.ts";

const HISTORIES = effort(1_500, 30_000);

test("in hindsight the same histories have an order that explains them as by the plain search", () => {
  const verdicts = { explained: 0, unexplained: 0 };
  for (let seed = 1; seed <= HISTORIES; seed += 1) {
    const random = new Random(seed);
    const history = madeUpHistory(random, 4 + random.below(12));
    for (const each of [history, altered(history, random)]) {
      const isExplained = linearize(each, ONE_SESSION) === undefined;
      const { operations, specification } = inHindsight(each);
      const isToo = linearize(operations, specification) === undefined;
      if (isToo !== isExplained) throw new Error(`seed ${seed}: ${JSON.stringify(each)}`);
      verdicts[isExplained ? "explained" : "unexplained"] += 1;
    }
  }
  expect(verdicts.explained).toBeGreaterThan(HISTORIES);
  expect(verdicts.unexplained).toBeGreaterThan(HISTORIES / 4);
});
