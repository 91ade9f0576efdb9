import { describe, expect, test } from "@jest/globals";
import type { Store } from "@sess/core";
import { FaultyStore } from "@sess/core/conformance";
import { orSkip } from "@sess/test-servers";
import { effort } from "../src/effort.ts";
import { BROKEN_STORES, rightStore } from "../src/history/broken-stores.ts";
import { linearize } from "../src/history/linearize.ts";
import { STORE_CONTRACT, storeHistories } from "../src/history/store-history.ts";
import { Random } from "../src/random.ts";
import { reportAtEnd } from "../src/results.ts";
import type { StoreKind } from "../src/stores/store-kind.ts";
import { everyEngine, openStores } from "../src/stores/stores.ts";

const LOAD = { lanes: 16, targets: 4, calls: 500 };
const HISTORIES = effort(1, 50);
const TIMEOUT = 3_600_000;

// The memory store has nothing that could run at the same time.
describe.each(everyEngine().filter(({ keeps }) => keeps))("over $name", (kind) => {
  const testHere = orSkip(test, kind.missing());
  const calls = Math.min(LOAD.calls, 10_000 * kind.share);
  const count = reportAtEnd(`histories over ${kind.name}`);

  async function lookAgainAndAgain(isRejecting: boolean): Promise<void> {
    let operations = 0;
    for (let history = 0; history < HISTORIES; history += 1) {
      const seed = seedOf(history);
      await withStores(kind, async (stores) => {
        const asked = isRejecting ? stores.map((store) => rejecting(store, seed)) : stores;
        operations += await expectOrder(asked, seed, calls);
      });
    }
    count("calls to the store", operations);
  }

  testHere(
    "what parallel calls to the store saw has an order that explains it",
    () => lookAgainAndAgain(false),
    TIMEOUT,
  );

  testHere(
    "also where some writes are rejected, which may have happened",
    () => lookAgainAndAgain(true),
    TIMEOUT,
  );
});

describe("the checker sees a store that", () => {
  test.each(BROKEN_STORES)("%s", async (_, create) => {
    await expect(expectOrder([create()], 1)).rejects.toThrow("No order explains");
  });
});

test("the checker finds nothing where the store is right", async () => {
  await expectOrder([rightStore()], 1);
});

/** The same store, which rejects about one write in a hundred, before or after it has done it. */
function rejecting(store: Store, seed: number): Store {
  const faulty = new FaultyStore(store);
  const random = new Random(seed);
  for (const method of ["save", "delete", "touch"] as const) {
    for (let call = 1 + random.below(200); call < 10_000; call += 1 + random.below(200)) {
      faulty.inject({ effect: random.pick(["reject-before", "reject-after"]), method, call });
    }
  }
  return faulty;
}

/** Two stores in a place of their own, as two processes have them. */
async function withStores(
  kind: StoreKind,
  use: (stores: readonly Store[]) => Promise<void>,
): Promise<void> {
  const stores = await openStores(kind, await kind.place(), 2);
  try {
    await use(stores);
  } finally {
    for (const store of stores) await store.close();
  }
}

async function expectOrder(stores: readonly Store[], seed: number, calls = LOAD.calls) {
  const histories = await storeHistories(stores, new Random(seed), { ...LOAD, calls });
  for (const history of histories) {
    expectAnswers(history, stores);
    expectExplained(linearize(history, STORE_CONTRACT), seed);
  }
  return histories.flat().length;
}

/** Without trouble in the store every call has an answer, so that nothing can hide among the unknown. */
function expectAnswers(
  history: readonly { readonly answer: unknown }[],
  [store]: readonly Store[],
): void {
  if (store instanceof FaultyStore) return;
  expect(history.filter(({ answer }) => answer === undefined)).toEqual([]);
}

/** What lanes ask for follows from the seed; in which order it arrives does not. */
function expectExplained(unexplained: unknown, seed: number): void {
  if (unexplained === undefined) return;
  throw new Error(`No order explains the history of seed ${seed}: ${JSON.stringify(unexplained)}`);
}

function seedOf(count: number): number {
  return effort(1, Date.now()) + count;
}
