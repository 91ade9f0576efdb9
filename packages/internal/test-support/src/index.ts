// Imports jest. A program in a process of its own, or under another runner, imports one of the files that
// package.json exports by name, such as "@sess/test-support/reference-store".
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
export { missingSmallDisk, SmallDisk, type SmallDiskOptions } from "./small-disk.ts";
export { SpyStore } from "./spy-store.ts";
export { stopClock } from "./stop-clock.ts";
