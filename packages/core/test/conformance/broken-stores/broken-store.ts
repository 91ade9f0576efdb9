import type { ReferenceStore, ReferenceStoreOptions } from "@sess/test-support/reference-store";

export type StoreClass = new (options: ReferenceStoreOptions) => ReferenceStore;

/** A store that breaks the contract in one way: a small variant of the right one. */
export interface BrokenStore {
  /** Completes "a store that …". */
  readonly name: string;
  /** The number of the sentence that it breaks, or what `createStore` promises. */
  readonly sentence: number | "createStore";
  readonly Store: StoreClass;
}
