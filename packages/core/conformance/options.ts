import {
  aBoolean,
  checkOption,
  checkOptions,
  type Rule,
  type Rules,
  wholeNumber,
  withMethods,
} from "../src/adapter/options.ts";
import { SessionError } from "../src/contract/errors.ts";
import type { Store } from "../src/contract/store.ts";
import type { Clock } from "./harness/clock.ts";
import type { Mend } from "./harness/fixture.ts";

interface Basics<S extends Store> {
  /**
   * The runner's function: `test` of node:test, Jest or Vitest, `it` of Mocha. It is called with a name
   * and a function.
   */
  readonly test: (name: string, run: () => Promise<void>) => unknown;
  /** Makes an empty store that shares no data with others. Called for each case; the suite closes it. */
  readonly createStore: () => S | Promise<S>;
  /** The store's clock. With it, expiry is tested to the millisecond; without it, in real time. */
  readonly clock?: Clock;
  /**
   * Without `clock`: within how many milliseconds the store notices an expiry, including the difference
   * between its clock and this process's.
   *
   * @default 50
   */
  readonly resolution?: number;
  /**
   * Makes the stored record of `handle` unreadable, behind the store's back. Without it the cases about
   * damaged records are skipped.
   */
  readonly damage?: (store: S, handle: string) => void | Promise<void>;
  /**
   * Makes the engine of `store` fail from now on: ends its connection, moves its file away, fills its
   * disk. It may return a function that mends the engine. Without it the cases about failures are skipped.
   */
  readonly fail?: (store: S) => void | Mend | Promise<void> | Promise<Mend>;
  /**
   * Opens a store on the data of `store`, which the suite has closed. Without it the cases about what a
   * store keeps are skipped. Leave it out if the data is meant to end with the store.
   */
  readonly reopen?: (store: S) => Store | Promise<Store>;
}

interface Shared<S extends Store> {
  /**
   * Opens a second store on the same data: `anotherProcess(…)` does it in a process of its own. The
   * suite closes it.
   */
  readonly connect: (store: S) => Store | Promise<Store>;
  readonly singleProcess?: false | undefined;
}

interface Single {
  readonly connect?: undefined;
  /** The engine serves one process only, so there is no second connection to test. */
  readonly singleProcess: true;
}

/**
 * What the suite needs to know about a store: either `connect` or `singleProcess: true`, because a lock
 * inside one process proves nothing about a database that several share.
 */
export type StoreTestOptions<S extends Store = Store> = Basics<S> & (Shared<S> | Single);

/** In milliseconds. */
export const DEFAULT_RESOLUTION = 50;

const SUBJECT = "testStore";

const rules: Rules<StoreTestOptions> = {
  test: aFunction("the test function of your runner"),
  createStore: aFunction("a function that makes an empty store"),
  connect: aFunction("a function that opens a second store on the same data"),
  damage: aFunction("a function that makes a stored record unreadable"),
  fail: aFunction("a function that makes the engine fail"),
  reopen: aFunction("a function that opens a store on the data of one that was closed"),
  singleProcess: aBoolean,
  clock: withMethods("set", "advance"),
  resolution: wholeNumber(1, undefined, "ms"),
};

/** @throws INVALID_OPTION if a suite with these options would prove nothing */
export function checkTestOptions<S extends Store>(options: StoreTestOptions<S>): void {
  checkOptions(SUBJECT, options, rules);
  const { test, createStore, connect, singleProcess = false } = options;
  checkOption(SUBJECT, "test", test, rules.test);
  checkOption(SUBJECT, "createStore", createStore, rules.createStore);
  if (connect === undefined && !singleProcess) {
    refuse(
      "pass connect, which opens a second store on the same data, or singleProcess: true if the " +
        "engine serves one process only.",
    );
  }
  if (connect !== undefined && singleProcess) {
    refuse("pass either connect or singleProcess: true, not both.");
  }
}

function aFunction(expected: string): Rule {
  return { expected, accepts: (value) => typeof value === "function" };
}

function refuse(problem: string): never {
  throw new SessionError("INVALID_OPTION", `${SUBJECT}: ${problem}`);
}
