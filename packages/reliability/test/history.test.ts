import { describe, expect, test } from "@jest/globals";
import { SessionManager, type Store } from "@sess/core";
import { LevelStore } from "@sess/store-level";
import { effort } from "../src/effort.ts";
import { BROKEN_STORES, rightStore } from "../src/history/broken-stores.ts";
import { linearize } from "../src/history/linearize.ts";
import { STORE_CONTRACT } from "../src/history/record-calls.ts";
import { RejectingStore } from "../src/history/rejecting.ts";
import { ONE_SESSION } from "../src/history/session-calls.ts";
import { sessionHistories } from "../src/history/session-lanes.ts";
import { storeHistories } from "../src/history/store-lanes.ts";
import { Random } from "../src/random.ts";
import { scratch } from "../src/scratch.ts";

const LOAD = { lanes: 16, keys: 4, calls: 500 };
const HISTORIES = effort(1, 50);
const LONG_ENOUGH = 3_600_000;

describe.each([{ sync: true }, { sync: false }])("over LevelDB with %j", (options) => {
  test(
    "what parallel calls to the store saw has an order that explains it",
    async () => {
      for (let count = 0; count < HISTORIES; count += 1) {
        await using store = await LevelStore.open(scratch(), options);
        await expectOrder(store, seedOf(count));
      }
    },
    LONG_ENOUGH,
  );

  test(
    "also where some writes are rejected, which may have happened",
    async () => {
      for (let count = 0; count < HISTORIES; count += 1) {
        const seed = seedOf(count);
        await using store = await LevelStore.open(scratch(), options);
        await expectOrder(new RejectingStore(store, new Random(seed), 100), seed);
      }
    },
    LONG_ENOUGH,
  );

  test(
    "what parallel calls to one session saw has an order that explains it",
    async () => {
      for (let count = 0; count < HISTORIES; count += 1) {
        await using store = await LevelStore.open(scratch(), options);
        await expectSessionOrder(store, seedOf(count));
      }
    },
    LONG_ENOUGH,
  );

  test(
    "also where some of its writes are rejected",
    async () => {
      for (let count = 0; count < HISTORIES; count += 1) {
        const seed = seedOf(count);
        await using store = await LevelStore.open(scratch(), options);
        await expectSessionOrder(new RejectingStore(store, new Random(seed), 100), seed);
      }
    },
    LONG_ENOUGH,
  );
});

describe("the checker sees a store that", () => {
  test.each(BROKEN_STORES)("%s", async (_, create) => {
    await expect(expectOrder(create(), 1)).rejects.toThrow("No order explains");
  });
});

test("the checker sees it through the sessions, too", async () => {
  const [[, forgetful] = ["", rightStore]] = BROKEN_STORES;
  await expect(expectSessionOrder(forgetful(), 1)).rejects.toThrow("No order explains");
});

test("the checker finds nothing where the store is right", async () => {
  await expectOrder(rightStore(), 1);
  await expectSessionOrder(rightStore(), 1);
});

async function expectOrder(store: Store, seed: number): Promise<void> {
  for (const history of await storeHistories(store, new Random(seed), LOAD)) {
    expectAnswers(history, store);
    report(linearize(history, STORE_CONTRACT), seed);
  }
}

async function expectSessionOrder(store: Store, seed: number): Promise<void> {
  const options = { store, sweepInterval: 0 };
  const managers = [new SessionManager(options), new SessionManager(options)];
  for (const history of await sessionHistories(managers, new Random(seed), LOAD)) {
    expectAnswers(history, store);
    report(linearize(history, ONE_SESSION), seed);
  }
}

/** Without trouble in the store, each call has an answer: nothing may hide among the unknown. */
function expectAnswers(history: readonly { readonly answer: unknown }[], store: Store): void {
  if (!(store instanceof RejectingStore))
    expect(history.filter(({ answer }) => answer === undefined)).toEqual([]);
}

/** What lanes ask for follows from the seed; in which order it lands does not. */
function report(unexplained: unknown, seed: number): void {
  if (unexplained === undefined) return;
  throw new Error(`No order explains the history of seed ${seed}: ${JSON.stringify(unexplained)}`);
}

function seedOf(count: number): number {
  return effort(1, Date.now()) + count;
}
