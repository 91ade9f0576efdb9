import { describe, expect, test } from "@jest/globals";
import { SessionManager, type Store } from "@sess/core";
import { FaultyStore } from "@sess/core/conformance";
import { orSkip } from "@sess/test-servers";
import { effort } from "../src/effort.ts";
import { BROKEN_STORES, rightStore } from "../src/history/broken-stores.ts";
import { linearize } from "../src/history/linearize.ts";
import { sessionHistories } from "../src/history/session-history.ts";
import { ONE_SESSION } from "../src/history/session-specification.ts";
import { STORE_CONTRACT, storeHistories } from "../src/history/store-history.ts";
import { Random } from "../src/random.ts";
import { reportAtEnd } from "../src/results.ts";
import type { StoreKind } from "../src/stores/store-kind.ts";
import { everyEngine, openStores } from "../src/stores/stores.ts";

const LOAD = { lanes: 16, targets: 4, calls: 500 };
const HISTORIES = effort(1, 50);
const TIMEOUT = 3_600_000;

/** Asks much of the stores at once and explains what was seen; resolves to the number of calls. */
type Look = (stores: readonly Store[], seed: number, calls: number) => Promise<number>;

// The memory store has nothing that could run at the same time.
describe.each(everyEngine().filter(({ keeps }) => keeps))("over $name", (kind) => {
  const testHere = orSkip(test, kind.missing());
  const calls = Math.min(LOAD.calls, 10_000 * kind.share);
  const count = reportAtEnd(`histories over ${kind.name}`);

  async function lookAgainAndAgain(what: string, look: Look, isRejecting: boolean): Promise<void> {
    let operations = 0;
    for (let history = 0; history < HISTORIES; history += 1) {
      const seed = seedOf(history);
      await withStores(kind, async (stores) => {
        const asked = isRejecting ? stores.map((store) => rejecting(store, seed)) : stores;
        operations += await look(asked, seed, calls);
      });
    }
    count(what, operations);
  }

  testHere(
    "what parallel calls to the store saw has an order that explains it",
    () => lookAgainAndAgain("calls to the store", expectOrder, false),
    TIMEOUT,
  );

  testHere(
    "also where some writes are rejected, which may have happened",
    () => lookAgainAndAgain("calls to the store", expectOrder, true),
    TIMEOUT,
  );

  testHere(
    "what parallel calls to one session saw has an order that explains it",
    () => lookAgainAndAgain("calls to a session", expectSessionOrder, false),
    TIMEOUT,
  );

  testHere(
    "also where some of its writes are rejected",
    () => lookAgainAndAgain("calls to a session", expectSessionOrder, true),
    TIMEOUT,
  );
});

describe("the checker sees a store that", () => {
  test.each(BROKEN_STORES)("%s", async (_, create) => {
    await expect(expectOrder([create()], 1)).rejects.toThrow("No order explains");
  });
});

test("the checker sees it through the sessions, too", async () => {
  const [[, forgetful] = ["", rightStore]] = BROKEN_STORES;
  await expect(expectSessionOrder([forgetful()], 1)).rejects.toThrow("No order explains");
});

test("the checker finds nothing where the store is right", async () => {
  await expectOrder([rightStore()], 1);
  await expectSessionOrder([rightStore()], 1);
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

async function expectSessionOrder(stores: readonly Store[], seed: number, calls = LOAD.calls) {
  // Two of them, also over one store.
  const managers = [...stores, ...stores].map(
    (store) => new SessionManager({ store, sweepInterval: 0 }),
  );
  // Half as many lanes: with each call at the same time, the search for an order takes twice as long.
  const load = { ...LOAD, lanes: LOAD.lanes / 2, calls: calls * 2 };
  const histories = await sessionHistories(managers, new Random(seed), load);
  for (const history of histories) {
    expectAnswers(history, stores);
    expectExplained(linearize(history, ONE_SESSION), seed);
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
