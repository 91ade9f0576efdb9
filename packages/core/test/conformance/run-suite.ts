import type { Store } from "@sess/core";
import { type Clock, type StoreTestOptions, testStore } from "@sess/core/conformance";
import type { ReferenceStore } from "@sess/test-support/reference-store";
import type { StoreClass } from "./broken-stores/broken-store.ts";

type Test = StoreTestOptions["test"];

/** The failed cases of a run: the error of each, by the name of the case. */
export type Failures = ReadonlyMap<string, unknown>;

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

/** Runs the suite with a test runner of a few lines. `options` gets that runner's test function. */
export async function failuresOf<S extends Store>(
  options: (test: Test) => StoreTestOptions<S>,
): Promise<Failures> {
  const cases = new Map<string, () => Promise<void>>();
  testStore(options((name, run) => cases.set(name, run)));
  const failures = new Map<string, unknown>();
  for (const [name, run] of cases) await run().catch((failure) => failures.set(name, failure));
  return failures;
}

/** Runs the suite on a kind of ReferenceStore, which is given a clock and two connections. */
export function failuresOfClass(StoreClass: StoreClass): Promise<Failures> {
  const clock = new TestClock();
  const { now } = clock;
  return failuresOf<ReferenceStore>((test) => ({
    test,
    clock,
    createStore: () => new StoreClass({ now }),
    connect: ({ records }) => new StoreClass({ now, records }),
  }));
}

/** The clauses that these cases belong to, each once. */
export function clausesOf(failures: Failures): string[] {
  return [...new Set([...failures.keys()].map((name) => name.slice(0, name.indexOf(":"))))];
}
