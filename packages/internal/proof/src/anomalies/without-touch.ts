import type { Store } from "@sess/core";

/** The same store, as if its engine could not move an expiry alone. */
export function withoutTouch(store: Required<Store>): Store {
  return {
    load: (key) => store.load(key),
    save: (key, record) => store.save(key, record),
    delete: (key, revision) => store.delete(key, revision),
    list: (owner) => store.list(owner),
    sweep: () => store.sweep(),
  };
}
