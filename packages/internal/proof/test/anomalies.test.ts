import { describe, expect, test } from "@jest/globals";
import { MemoryStore } from "@sess/store-memory";
import { orSkip } from "@sess/test-servers";
import { stopClock } from "@sess/test-support";
import {
  attack,
  PERSISTENT,
  plansOf,
  REJECTIONS,
  repeat,
  TRANSIENT,
} from "../src/anomalies/attack.ts";
import { lastingScenarios } from "../src/anomalies/lasting.ts";
import { bareScenario, scenario } from "../src/anomalies/scenario.ts";
import {
  scenarios,
  scenariosOf,
  surroundingsOf,
  withoutTouch,
} from "../src/anomalies/scenarios.ts";
import { secondThoughts } from "../src/anomalies/second-thoughts.ts";
import type { Surroundings } from "../src/anomalies/world.ts";
import { everyEngine } from "../src/stores/stores.ts";

const pass = stopClock();

const inMemory: Surroundings = { createStore: () => new MemoryStore(), pass };

describe("over memory, whichever call of the store fails, and however it fails,", () => {
  const plans = plansOf([...TRANSIENT, ...PERSISTENT]);

  test.each(scenarios)("$name ends as it may", async (each) => {
    expect(await attack(inMemory, each, plans)).toBeGreaterThan(plans.length);
  });
});

describe("over memory, whichever call fails, an object may go on with another:", () => {
  const plans = plansOf(REJECTIONS).filter(({ sameObject }) => sameObject);

  test.each(secondThoughts)("$name ends as it may", async (each) => {
    expect(await attack(inMemory, each, plans)).toBeGreaterThan(plans.length);
  });
});

describe("over a store that has no touch(), whichever call fails,", () => {
  const surroundings: Surroundings = { createStore: () => withoutTouch(new MemoryStore()), pass };
  const plans = plansOf([...TRANSIENT, ...PERSISTENT]);

  test.each(lastingScenarios)("$name ends as it may", async (each) => {
    expect(await attack(surroundings, each, plans)).toBeGreaterThan(plans.length);
  });
});

// LevelDB is asked for the same whether it syncs or not.
describe.each(everyEngine().filter(({ keeps, name }) => keeps && name !== "LevelDB"))(
  "over $name, whichever call is done and reported as failed,",
  (kind) => {
    const surroundings = surroundingsOf(kind, pass);
    const plans = plansOf([{ effect: "reject-after" }]);

    orSkip(test, kind.missing()).each(scenariosOf(kind))("$name ends as it may", async (each) => {
      expect(await attack(surroundings, each, plans)).toBeGreaterThan(plans.length);
    });
  },
);

describe("an attack fails where", () => {
  const plan = { fault: { effect: "reject-after" }, sameObject: true } as const;

  test("a failure is swallowed", async () => {
    const swallowing = scenario("a load", (world, id) => {
      return { act: () => world.sessions.load(id).catch(() => undefined), check: async () => {} };
    });
    await expect(repeat(inMemory, swallowing, plan)).rejects.toThrow(
      'a load, at call 1 of {"fault":{"effect":"reject-after"},"sameObject":true}: ',
    );
  });

  test("something fails by itself", async () => {
    const failing = bareScenario("an end", async () => ({
      act: () => Promise.reject(new Error("by itself")),
      check: async () => {},
    }));
    await expect(repeat(inMemory, failing, plan)).rejects.toThrow("must be a SessionError");
  });

  test("the end is not one that is allowed", async () => {
    const wrong = bareScenario("a load", async ({ sessions }) => ({
      act: () => sessions.load("A".repeat(43)),
      check: ({ failures }) => Promise.reject(new Error(`failures: ${failures}`)),
    }));
    await expect(repeat(inMemory, wrong, plan)).rejects.toThrow("failures: 1");
  });

  test("somebody else's session is changed", async () => {
    const meddling = bareScenario("a revoke", async ({ elsewhere, sessions }) => {
      const handles: string[] = [];
      for await (const { handle } of elsewhere.list()) handles.push(handle);
      return { act: () => sessions.revoke(handles[0] ?? ""), check: async () => {} };
    });
    await expect(repeat(inMemory, meddling, plan)).rejects.toThrow("somebody else's session");
  });
});
