import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { LevelStore } from "@sess/store-level";
import { MemoryStore } from "@sess/store-memory";
import { attack } from "../src/anomalies/attack.ts";
import { persistent, plansOf, transient } from "../src/anomalies/plans.ts";
import { scenarios } from "../src/anomalies/scenarios.ts";
import { secondThoughts } from "../src/anomalies/second-thoughts.ts";
import { withoutTouch } from "../src/anomalies/without-touch.ts";
import type { Surroundings } from "../src/anomalies/world.ts";
import { scratch } from "../src/scratch.ts";
import { stopClock } from "../src/stopped-clock.ts";

const pass = stopClock();

let level: LevelStore;
beforeAll(async () => {
  level = await LevelStore.open(scratch(), { sync: false });
});
afterAll(() => level.close());

const createMemory = () => new MemoryStore();

const places: readonly (Surroundings & { readonly name: string })[] = [
  { name: "memory", createStore: createMemory, pass },
  { name: "memory, sealed", createStore: createMemory, pass, options: { encrypt: true } },
  { name: "memory with a custom codec", createStore: createMemory, pass, options: { codec: JSON } },
  { name: "memory without touch()", createStore: () => withoutTouch(new MemoryStore()), pass },
  { name: "LevelDB", createStore: () => level, pass },
];

const plans = plansOf([...transient, ...persistent], true);

describe.each(places)(
  "over $name, whichever call fails, and whichever when it is done again,",
  (place) => {
    test.each([...scenarios, ...secondThoughts])("$name ends as it may", async (each) => {
      expect(await attack(place, each, plans)).toBeGreaterThan(plans.length);
    });
  },
);
