import { describe, expect, test } from "@jest/globals";
import { SessionManager, type Store } from "@sess/core";
import { orSkip } from "@sess/test-servers";
import { effort } from "../src/effort.ts";
import { BROKEN_STORES, rightStore } from "../src/history/broken-stores.ts";
import { inHindsight } from "../src/history/hindsight.ts";
import { linearize } from "../src/history/linearize.ts";
import { STORE_CONTRACT } from "../src/history/record-calls.ts";
import { RejectingStore } from "../src/history/rejecting.ts";
import { sessionHistories } from "../src/history/session-lanes.ts";
import { storeHistories } from "../src/history/store-lanes.ts";
import { Random } from "../src/random.ts";
import { everyEngine, openStores, type StoreKind } from "../src/stores.ts";
import { tallyAtEnd } from "../src/tally.ts";

const LOAD = { lanes: 16, keys: 4, calls: 500 };
const HISTORIES = effort(1, 50);
const LONG_ENOUGH = 3_600_000;

/** Asks much of the stores at once and explains what was seen: of how many calls. */
type Look = (stores: readonly Store[], seed: number, calls: number) => Promise<number>;

// What the memory store is asked for at once it does one after the other.
describe.each(everyEngine().filter(({ keeps }) => keeps))("over $name", (kind) => {
  const testHere = orSkip(test, kind.missing());
  const calls = Math.min(LOAD.calls, 10_000 * kind.share);
  const count = tallyAtEnd(`histories over ${kind.name}`);

  async function lookAgainAndAgain(what: string, look: Look, isRejecting: boolean): Promise<void> {
    let operations = 0;
    for (let history = 0; history < HISTORIES; history += 1) {
      const seed = seedOf(history);
      const rejecting = (store: Store) => new RejectingStore(store, new Random(seed), 100);
      await withStores(kind, async (stores) => {
        operations += await look(isRejecting ? stores.map(rejecting) : stores, seed, calls);
      });
    }
    count(what, operations);
  }

  testHere(
    "what parallel calls to the store saw has an order that explains it",
    () => lookAgainAndAgain("calls to the store", expectOrder, false),
    LONG_ENOUGH,
  );

  testHere(
    "also where some writes are rejected, which may have happened",
    () => lookAgainAndAgain("calls to the store", expectOrder, true),
    LONG_ENOUGH,
  );

  testHere(
    "what parallel calls to one session saw has an order that explains it",
    () => lookAgainAndAgain("calls to a session", expectSessionOrder, false),
    LONG_ENOUGH,
  );

  testHere(
    "also where some of its writes are rejected",
    () => lookAgainAndAgain("calls to a session", expectSessionOrder, true),
    LONG_ENOUGH,
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

/** Two stores on one place of their own, as two processes have them. */
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
    report(linearize(history, STORE_CONTRACT), seed);
  }
  return histories.flat().length;
}

async function expectSessionOrder(stores: readonly Store[], seed: number, calls = LOAD.calls) {
  // Two where there is one store, too.
  const managers = [...stores, ...stores].map(
    (store) => new SessionManager({ store, sweepInterval: 0 }),
  );
  const histories = await sessionHistories(managers, new Random(seed), { ...LOAD, calls });
  for (const history of histories) {
    expectAnswers(history, stores);
    const { operations, specification } = inHindsight(history);
    report(linearize(operations, specification), seed);
  }
  return histories.flat().length;
}

/** Without trouble in the store, each call has an answer: nothing may hide among the unknown. */
function expectAnswers(
  history: readonly { readonly answer: unknown }[],
  [store]: readonly Store[],
): void {
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
