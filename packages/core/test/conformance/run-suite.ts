import type { Store } from "@sess/core";
import { type Clock, type StoreTestOptions, testStore } from "@sess/core/conformance";
import type { ReferenceStore } from "@sess/test-support/reference-store";
import type { StoreClass } from "./broken-stores/broken-store.ts";

type Test = StoreTestOptions["test"];

/** The failed cases of a run: the error of each, by the name of the case. */
export type Failures = ReadonlyMap<string, unknown>;

/** More than every text of the suite has, so that all of them are tried. */
const MOST_BYTES = 1_100_000;

/** A clock that stands still until the suite moves it. */
export class TestClock implements Clock {
  #now = 0;

  readonly now = () => this.#now;

  set(now: number): void {
    this.#now = now;
  }

  advance(ms: number): void {
    this.#now += ms;
  }
}

/**
 * Runs the suite with a test runner of a few lines. `options` gets that runner's test function. It stops
 * where the failures so far are enough.
 */
export async function failuresOf<S extends Store>(
  options: (test: Test) => StoreTestOptions<S>,
  isEnough: (failures: Failures) => boolean = () => false,
): Promise<Failures> {
  const cases = new Map<string, () => Promise<void>>();
  testStore(options((name, run) => cases.set(name, run)));
  const failures = new Map<string, unknown>();
  for (const [name, run] of cases) {
    await run().catch((failure) => failures.set(name, failure));
    if (isEnough(failures)) break;
  }
  return failures;
}

/**
 * The options for a kind of ReferenceStore: a clock, two connections, damage, failures, a limit and
 * stores that are opened again.
 */
export function optionsFor(StoreClass: StoreClass) {
  const clock = new TestClock();
  const { now } = clock;
  return (test: Test) =>
    ({
      test,
      clock,
      createStore: () => new StoreClass({ now, maxBytes: MOST_BYTES }),
      connect: ({ records }) => new StoreClass({ now, records, maxBytes: MOST_BYTES }),
      reopen: ({ records }) => new StoreClass({ now, records, maxBytes: MOST_BYTES }),
      damage: (store, handle) => store.damage(handle),
      fail: (store) => store.fail(),
    }) satisfies StoreTestOptions<ReferenceStore>;
}

/** Runs the suite on a kind of ReferenceStore. */
export function failuresOfClass(StoreClass: StoreClass): Promise<Failures> {
  return failuresOf<ReferenceStore>(optionsFor(StoreClass));
}

/** The clauses that these cases belong to, each once. */
export function clausesOf(failures: Failures): string[] {
  return [...new Set([...failures.keys()].map((name) => name.slice(0, name.indexOf(":"))))];
}

/** The message of each failure, by the name of the case. */
export function messagesOf(failures: Failures): Record<string, string> {
  return Object.fromEntries([...failures].map(([name, failure]) => [name, String(failure)]));
}

/** What these failures name: sentences of the contract, by number, or `createStore`. Each once. */
export function placesOf(failures: Failures): (number | string)[] {
  const places = [...failures.values()].map((failure) => {
    const [, place = "nothing"] = /^AssertionError.*?: (.+?): /.exec(String(failure)) ?? [];
    const number = Number(place.replace("sentence ", ""));
    return Number.isNaN(number) ? place : number;
  });
  return [...new Set(places)];
}
