import { afterAll, beforeAll } from "@jest/globals";
import { openStores, type StoreKind, type WholeStore } from "../stores.ts";
import type { Surroundings } from "./world.ts";

const DAY = 24 * 3_600_000;

/** Where scenarios take place over a kind of store: on one place for the tests of the group. */
export function surroundingsOf(kind: StoreKind, pass: (ms: number) => void): Surroundings {
  let stores: readonly WholeStore[] = [];
  beforeAll(async () => {
    if (kind.missing() === undefined) stores = await openStores(kind, await kind.place(), 2);
    // A server's clock goes on while this one stands still: it must not come first.
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
