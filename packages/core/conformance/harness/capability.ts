import type { Store } from "../../src/contract/store.ts";

/** The methods that a store may leave out. */
export type Capability = "touch" | "list" | "sweep" | "close";

/** A store that is known to have the optional methods `C`. */
export type StoreWith<C extends Capability> = Store & Required<Pick<Store, C>>;

export function supports<C extends Capability>(
  store: Store,
  needs: readonly C[],
): store is StoreWith<C> {
  return needs.every((method) => store[method] !== undefined);
}

/** The methods of `needs` that the store lacks, for a message: `touch() and no list()`. */
export function missingMethods(store: Store, needs: readonly Capability[]): string {
  const missing = needs.filter((method) => store[method] === undefined);
  return missing.map((method) => `${method}()`).join(" and no ");
}
