import { describe, expect, test } from "@jest/globals";
import { MemoryStore } from "@sess/store-memory";
import { orSkip } from "@sess/test-servers";
import { anomalyLoop } from "../src/anomalies/anomaly-loop.ts";
import { attack } from "../src/anomalies/attack.ts";
import { lastingScenarios } from "../src/anomalies/lasting.ts";
import { surroundingsOf } from "../src/anomalies/places.ts";
import { persistent, plansOf, rejections, transient } from "../src/anomalies/plans.ts";
import { scenario } from "../src/anomalies/scenario.ts";
import { scenarios, scenariosOf } from "../src/anomalies/scenarios.ts";
import { secondThoughts } from "../src/anomalies/second-thoughts.ts";
import { withoutTouch } from "../src/anomalies/without-touch.ts";
import type { Surroundings } from "../src/anomalies/world.ts";
import { stopClock } from "../src/stopped-clock.ts";
import { everyEngine } from "../src/stores.ts";

const pass = stopClock();

const inMemory: Surroundings = { createStore: () => new MemoryStore(), pass };

describe("over memory, whichever call of the store fails, and however,", () => {
  const plans = plansOf([...transient, ...persistent]);

  test.each(scenarios)("$name ends as it may", async (each) => {
    expect(await attack(inMemory, each, plans)).toBeGreaterThan(plans.length);
  });
});

describe("over memory, whichever call fails, an object may go on otherwise:", () => {
  const plans = plansOf(rejections).filter(({ sameObject }) => sameObject);

  test.each(secondThoughts)("$name ends as it may", async (each) => {
    expect(await attack(inMemory, each, plans)).toBeGreaterThan(plans.length);
  });
});

describe("over a store that has no touch(), whichever call fails,", () => {
  const surroundings: Surroundings = { createStore: () => withoutTouch(new MemoryStore()), pass };
  const plans = plansOf([...transient, ...persistent]);

  test.each(lastingScenarios)("$name ends as it may", async (each) => {
    expect(await attack(surroundings, each, plans)).toBeGreaterThan(plans.length);
  });
});

// Synced or not, LevelDB is asked for the same; the long run has it synced, too.
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

describe("the loop goes red where", () => {
  const plan = { fault: { effect: "reject-after" }, sameObject: true } as const;

  test("a failure is swallowed", async () => {
    const swallowing = scenario("a load", async (world) => {
      const id = await world.stored();
      return { act: () => world.sessions.load(id).catch(() => undefined), check: async () => {} };
    });
    await expect(anomalyLoop(inMemory, swallowing, plan)).rejects.toThrow(
      'a load, at call 1 of {"fault":{"effect":"reject-after"},"sameObject":true}: ',
    );
  });

  test("something fails by itself", async () => {
    const failing = scenario("an end", async () => ({
      act: () => Promise.reject(new Error("by itself")),
      check: async () => {},
    }));
    await expect(anomalyLoop(inMemory, failing, plan)).rejects.toThrow("must be a SessionError");
  });

  test("the end is not one that is allowed", async () => {
    const wrong = scenario("a load", async ({ sessions }) => ({
      act: () => sessions.load("A".repeat(43)),
      check: ({ failures }) => Promise.reject(new Error(`failures: ${failures}`)),
    }));
    await expect(anomalyLoop(inMemory, wrong, plan)).rejects.toThrow("failures: 1");
  });

  test("somebody else's session is changed", async () => {
    const meddling = scenario("a revoke", async ({ elsewhere, sessions }) => {
      const handles: string[] = [];
      for await (const { handle } of elsewhere.list()) handles.push(handle);
      return { act: () => sessions.revoke(handles[0] ?? ""), check: async () => {} };
    });
    await expect(anomalyLoop(inMemory, meddling, plan)).rejects.toThrow("somebody else's session");
  });
});
