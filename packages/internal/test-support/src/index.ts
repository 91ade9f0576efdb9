// Imports jest. A program in a process of its own imports "@sess/test-support/records" or ".../clock".
export { type BundleOptions, bundle } from "./bundle.ts";
export { afterTest, afterTests } from "./cleanup.ts";
export { StoppedClock } from "./clock.ts";
export { collect, expectCode, isPending, rejection, type Task } from "./outcome.ts";
export { Program } from "./program.ts";
export { handle, handles, record } from "./records.ts";
export {
  type Around,
  bare,
  pause,
  ReferenceStore,
  type ReferenceStoreOptions,
  type StoreCall,
} from "./reference-store.ts";
export { scratch } from "./scratch.ts";
export { SpyStore } from "./spy-store.ts";
export { stopClock } from "./stop-clock.ts";
