import { type StoreTestOptions, testStore } from "@sess/core/conformance";
import { ReferenceStore } from "@sess/test-support/reference-store";
import { TestClock } from "../run-suite.ts";
import { filesSuite } from "./files.ts";

/** The suite on a store without `touch()`, and on one in two processes. If `BROKEN` is set, the store takes every save for written. */
export function suite(test: StoreTestOptions["test"]): void {
  const clock = new TestClock();
  const createStore = () => {
    const store = new ReferenceStore({ now: clock.now });
    Object.assign(store, { touch: undefined });
    if (process.env["BROKEN"]) Object.assign(store, { save: async () => true });
    return store;
  };
  testStore({ test, createStore, singleProcess: true, clock });
  if (!process.env["BROKEN"]) filesSuite(test);
}
