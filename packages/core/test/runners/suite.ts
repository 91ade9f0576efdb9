import { type StoreTestOptions, testStore } from "@sess/core/conformance";
import { ReferenceStore, TestClock } from "../broken-stores/reference-store.ts";

/** The suite on a store without `touch()`, which forgets to look at the revision where `BROKEN` is set. */
export function suite(test: StoreTestOptions["test"]): void {
  const clock = new TestClock();
  const createStore = () => {
    const store = new ReferenceStore(clock);
    Reflect.set(store, "touch", undefined);
    if (process.env["BROKEN"]) Reflect.set(store, "save", async () => true);
    return store;
  };
  testStore({ test, createStore, singleProcess: true, clock });
}
