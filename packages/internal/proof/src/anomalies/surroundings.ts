import { afterAll, beforeAll } from "@jest/globals";
import type { Store } from "@sess/core";
import type { StoreKind, WholeStore } from "../stores/store-kind.ts";
import { openStores } from "../stores/stores.ts";
import type { Surroundings } from "./world.ts";

const DAY = 86_400_000;

/** Where scenarios take place over a kind of store: in one place for the tests of the group. */
export function surroundingsOf(kind: StoreKind, pass: (ms: number) => void): Surroundings {
  let stores: readonly WholeStore[] = [];
  beforeAll(async () => {
    if (kind.missing() === undefined) stores = await openStores(kind, await kind.place(), 2);
    // A server's clock goes on while this one stands still, which must stay ahead.
    if (!kind.sharesClock) pass(DAY);
  });
  afterAll(async () => {
    for (const store of stores) await store.close();
  });
  const at = (index: number) => () => {
    const store = stores[index];
    if (store === undefined) throw new Error(`${kind.name} is not there.`);
    return store;
  };
  return { createStore: at(0), elsewhere: at(1), pass };
}

/** The same store, as if its engine could not move an expiry alone. */
export function withoutTouch(store: Store & Required<Omit<Store, "maxBytes">>): Store {
  return {
    load: (handle) => store.load(handle),
    save: (handle, record) => store.save(handle, record),
    delete: (handle, revision) => store.delete(handle, revision),
    list: (owner) => store.list(owner),
    sweep: () => store.sweep(),
  };
}
