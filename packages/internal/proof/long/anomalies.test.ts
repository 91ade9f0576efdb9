import { describe, expect, test } from "@jest/globals";
import { MemoryStore } from "@sess/store-memory";
import { orSkip } from "@sess/test-servers";
import type { Plan } from "../src/anomalies/anomaly-loop.ts";
import { attack } from "../src/anomalies/attack.ts";
import { surroundingsOf } from "../src/anomalies/places.ts";
import { persistent, plansOf, rejections, transient } from "../src/anomalies/plans.ts";
import type { Scenario } from "../src/anomalies/scenario.ts";
import { scenarios, scenariosOf } from "../src/anomalies/scenarios.ts";
import { secondThoughts } from "../src/anomalies/second-thoughts.ts";
import { withoutTouch } from "../src/anomalies/without-touch.ts";
import type { Surroundings } from "../src/anomalies/world.ts";
import { stopClock } from "../src/stopped-clock.ts";
import { everyStore, type StoreKind } from "../src/stores.ts";
import { tallyAtEnd } from "../src/tally.ts";

const pass = stopClock();

const createMemory = () => new MemoryStore();

const places: readonly (Surroundings & { readonly name: string })[] = [
  { name: "memory", createStore: createMemory, pass },
  { name: "memory, sealed", createStore: createMemory, pass, options: { encrypt: true } },
  { name: "memory with a custom codec", createStore: createMemory, pass, options: { codec: JSON } },
  { name: "memory without touch()", createStore: () => withoutTouch(new MemoryStore()), pass },
];

/** A call of a server takes so long that not every failure is worth its time. */
function plansFor({ share }: StoreKind): Plan[] {
  if (share < 0.01) return plansOf(rejections);
  return plansOf([...transient, ...persistent], share > 0.03);
}

describe.each(places)(
  "over $name, whichever call fails, and whichever when it is done again,",
  (place) => {
    const plans = plansOf([...transient, ...persistent], true);
    const count = tallyAtEnd(`failing calls over ${place.name}`);

    test.each([...scenarios, ...secondThoughts])("$name ends as it may", async (each) => {
      const runs = await attack(place, each, plans);
      expect(runs).toBeGreaterThan(plans.length);
      count("runs", runs);
    });
  },
);

// Synced or not, LevelDB is asked for the same.
describe.each(everyStore().filter(({ keeps, name }) => keeps && name !== "LevelDB"))(
  "over $name, whichever call fails,",
  (kind) => {
    const surroundings = surroundingsOf(kind, pass);
    const plans = plansFor(kind);
    const count = tallyAtEnd(`failing calls over ${kind.name}`);
    const all: readonly Scenario[] = [...scenariosOf(kind), ...secondThoughts];

    orSkip(test, kind.missing()).each(all)("$name ends as it may", async (each) => {
      const runs = await attack(surroundings, each, plans);
      expect(runs).toBeGreaterThan(plans.length);
      count("runs", runs);
    });
  },
);
