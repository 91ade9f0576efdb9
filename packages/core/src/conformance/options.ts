import { SessionError } from "../contract/errors.ts";
import type { Store } from "../contract/store.ts";
import type { Clock } from "./time.ts";

interface Basics<S extends Store> {
  /** The runner's: `test` of node:test, jest or vitest, `it` of mocha. Only name and function are used. */
  readonly test: (name: string, run: () => Promise<void>) => unknown;
  /** A store that is empty and alone. Called once for each case; the suite closes what it was given. */
  readonly createStore: () => S | Promise<S>;
  /** With it expiry is tested at the very instant, without it in real time. */
  readonly clock?: Clock;
  /**
   * Without `clock`: within how many milliseconds the store notices an expiry, the difference
   * between its clock and this process's included. Default 50.
   */
  readonly resolution?: number;
  /** Spoils the stored record of a session, where one can reach into the engine. */
  readonly damage?: (store: S, key: string) => void | Promise<void>;
}

interface Shared<S extends Store> {
  /** A second store on the same data, as another process would have it. */
  readonly connect: (store: S) => S | Promise<S>;
  readonly singleProcess?: false | undefined;
}

interface Single {
  readonly connect?: undefined;
  /** The engine has one process by nature, so there is no second connection to test. */
  readonly singleProcess: true;
}

/**
 * What the suite needs to know of a store. Either `connect` or `singleProcess: true`: a lock inside
 * one process proves nothing about a database that several share.
 */
export type StoreTestOptions<S extends Store = Store> = Basics<S> & (Shared<S> | Single);

const names = ["test", "createStore", "clock", "resolution", "damage", "connect", "singleProcess"];

/** Throws `INVALID_OPTION` where the options would make a suite that proves nothing. */
export function checkOptions<S extends Store>(options: StoreTestOptions<S>): void {
  for (const name of Object.keys(options)) {
    if (!names.includes(name)) refuse(`there is no option ${name}; there are ${names.join(", ")}`);
  }
  const { test, createStore, connect, singleProcess, clock, resolution = 50 } = options;
  if (typeof test !== "function") refuse("pass the runner's test function as test");
  if (typeof createStore !== "function")
    refuse("pass a function that makes a store as createStore");
  if (connect === undefined && !singleProcess) {
    refuse(
      "pass connect, which opens a second store on the same data, or singleProcess: true where " +
        "the engine has one process by nature",
    );
  }
  if (connect !== undefined && singleProcess) {
    refuse("pass either connect or singleProcess: true, they exclude each other");
  }
  if (clock !== undefined && !(hasMethod(clock, "set") && hasMethod(clock, "advance"))) {
    refuse("clock needs set(ms) and advance(ms)");
  }
  if (!(Number.isSafeInteger(resolution) && resolution > 0)) {
    refuse("resolution is a whole number of milliseconds above 0");
  }
}

function hasMethod(value: object, name: "set" | "advance"): boolean {
  return typeof Reflect.get(value, name) === "function";
}

function refuse(problem: string): never {
  throw new SessionError("INVALID_OPTION", `testStore: ${problem}`);
}
