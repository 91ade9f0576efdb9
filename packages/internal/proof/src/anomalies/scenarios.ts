import { afterAll, beforeAll } from "@jest/globals";
import type { Store } from "@sess/core";
import type { StoreKind, WholeStore } from "../stores/store-kind.ts";
import { openStores } from "../stores/stores.ts";
import { endingScenarios } from "./ending.ts";
import { flashingScenarios } from "./flashing.ts";
import { lastingScenarios, sweeping } from "./lasting.ts";
import { readingScenarios } from "./reading.ts";
import { regeneratingScenarios } from "./regenerating.ts";
import { requestScenarios } from "./requests.ts";
import { savingScenarios } from "./saving.ts";
import type { Scenario } from "./scenario.ts";
import type { Surroundings } from "./world.ts";

/** All that a manager and a session do with a store, alone and as the requests of a day. */
export const scenarios: readonly Scenario[] = [
  ...savingScenarios,
  ...flashingScenarios,
  ...readingScenarios,
  ...regeneratingScenarios,
  ...endingScenarios,
  ...lastingScenarios,
  ...requestScenarios,
];

/** Those for a kind of store: where the engine removes what has expired, there is no sweep to fail. */
export function scenariosOf({ sweeps }: StoreKind): readonly Scenario[] {
  return scenarios.filter((each) => sweeps || each !== sweeping);
}

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
