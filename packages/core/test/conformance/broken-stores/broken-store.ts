import type { ReferenceStore, ReferenceStoreOptions } from "@sess/test-support/reference-store";

export type StoreClass = new (options: ReferenceStoreOptions) => ReferenceStore;

/** A store that breaks the contract in one way. */
export interface BrokenStore {
  /** Completes "a store that …". */
  readonly name: string;
  /** The clause that must fail. */
  readonly fails: string;
  /** Other clauses in which the same fault may show. */
  readonly mayFail: readonly string[] | "any";
  readonly Store: StoreClass;
}
