import { describe, expect, test } from "@jest/globals";
import { MemoryStore } from "@sess/store-memory";
import { orSkip } from "@sess/test-servers";
import { stopClock } from "@sess/test-support";
import {
  attack,
  PERSISTENT,
  type Plan,
  plansOf,
  REJECTIONS,
  TRANSIENT,
} from "../src/anomalies/attack.ts";
import type { Scenario } from "../src/anomalies/scenario.ts";
import { scenarios } from "../src/anomalies/scenarios.ts";
import { secondThoughts } from "../src/anomalies/second-thoughts.ts";
import { surroundingsOf, withoutTouch } from "../src/anomalies/surroundings.ts";
import type { Surroundings } from "../src/anomalies/world.ts";
import { reportAtEnd } from "../src/results.ts";
import type { StoreKind } from "../src/stores/store-kind.ts";
import { everyStore } from "../src/stores/stores.ts";

const pass = stopClock();

const createMemory = () => new MemoryStore();

const places: readonly (Surroundings & { readonly name: string })[] = [
  { name: "memory", createStore: createMemory, pass },
  { name: "memory, sealed", createStore: createMemory, pass, options: { encrypt: true } },
  { name: "memory with a custom codec", createStore: createMemory, pass, options: { codec: JSON } },
  { name: "memory without touch()", createStore: () => withoutTouch(new MemoryStore()), pass },
];

/** A call of a server takes so long that not every fault is worth its time. */
function plansFor({ share }: StoreKind): Plan[] {
  if (share < 0.01) return plansOf(REJECTIONS);
  return plansOf([...TRANSIENT, ...PERSISTENT], share > 0.03);
}

describe.each(places)(
  "over $name, whichever call fails, and whichever when it is done again,",
  (place) => {
    const plans = plansOf([...TRANSIENT, ...PERSISTENT], true);
    const count = reportAtEnd(`failing calls over ${place.name}`);
    const hasTouch = place.createStore().touch !== undefined;

    test.each(
      [...scenarios, ...secondThoughts].filter(({ needsTouch }) => hasTouch || !needsTouch),
    )("$name ends as it may", async (each) => {
      const runs = await attack(place, each, plans);
      expect(runs).toBeGreaterThan(plans.length);
      count("runs", runs);
    });
  },
);

// LevelDB is asked for the same whether it syncs or not.
describe.each(everyStore().filter(({ keeps, name }) => keeps && name !== "LevelDB"))(
  "over $name, whichever call fails,",
  (kind) => {
    const surroundings = surroundingsOf(kind, pass);
    const plans = plansFor(kind);
    const count = reportAtEnd(`failing calls over ${kind.name}`);
    const all: readonly Scenario[] = [...scenarios, ...secondThoughts].filter(
      ({ isSweep }) => kind.sweeps || !isSweep,
    );

    orSkip(test, kind.missing()).each(all)("$name ends as it may", async (each) => {
      const runs = await attack(surroundings, each, plans);
      expect(runs).toBeGreaterThan(plans.length);
      count("runs", runs);
    });
  },
);
