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
import type { Scenario } from "../src/anomalies/scenario.ts";
import { lasting, scenarios } from "../src/anomalies/scenarios.ts";
import { secondThoughts, unsureFirstSaves } from "../src/anomalies/second-thoughts.ts";
import { surroundingsOf, withoutTouch } from "../src/anomalies/surroundings.ts";
import type { Surroundings } from "../src/anomalies/world.ts";
import { Oracle } from "../src/oracle/oracle.ts";
import type { Step } from "../src/oracle/steps.ts";
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

describe("over memory, whichever call fails, a new object may go on with another:", () => {
  const plans = plansOf(REJECTIONS).filter(({ sameObject }) => sameObject);

  test.each(unsureFirstSaves)("$name ends as it may", async (each) => {
    expect(await attack(inMemory, each, plans)).toBeGreaterThan(plans.length);
  });
});

describe("over a store that has no touch(), whichever call fails,", () => {
  const surroundings: Surroundings = { createStore: () => withoutTouch(new MemoryStore()), pass };
  const plans = plansOf([...TRANSIENT, ...PERSISTENT]);

  test.each(lasting.filter(({ needsTouch }) => !needsTouch))(
    "$name ends as it may",
    async (each) => {
      expect(await attack(surroundings, each, plans)).toBeGreaterThan(plans.length);
    },
  );
});

// LevelDB is asked for the same whether it syncs or not.
describe.each(everyEngine().filter(({ keeps, name }) => keeps && name !== "LevelDB"))(
  "over $name, whichever call is done and reported as failed,",
  (kind) => {
    const surroundings = surroundingsOf(kind, pass);
    const plans = plansOf([{ effect: "reject-after" }]);

    orSkip(test, kind.missing()).each(scenarios.filter(({ isSweep }) => kind.sweeps || !isSweep))(
      "$name ends as it may",
      async (each) => {
        expect(await attack(surroundings, each, plans)).toBeGreaterThan(plans.length);
      },
    );
  },
);

describe("an attack fails where", () => {
  const plan = { fault: { effect: "reject-after" }, sameObject: true } as const;

  const scenario = (act: Step["act"]): Scenario => ({ name: "a load", act: [{ name: "", act }] });

  test("a failure is swallowed", async () => {
    const swallowing = scenario(async ({ sessions, id }) => {
      await Promise.resolve(sessions.load(id)).catch(() => {});
    });
    await expect(repeat(inMemory, swallowing, plan)).rejects.toThrow(
      'a load, at call 1 of {"fault":{"effect":"reject-after"},"sameObject":true}: ',
    );
  });

  test("something fails by itself", async () => {
    const failing = scenario(() => Promise.reject(new Error("by itself")));
    await expect(repeat(inMemory, failing, plan)).rejects.toThrow("must be a SessionError");
  });

  test("the end is not one that the oracle allows", async () => {
    const wrong = scenario(({ sessions, id }) => {
      return sessions instanceof Oracle ? undefined : sessions.destroy(id);
    });
    await expect(repeat(inMemory, wrong, plan)).rejects.toThrow("No order explains");
  });

  test("somebody else's session is changed", async () => {
    const meddling = scenario(async ({ sessions, person }) => {
      if (sessions instanceof Oracle) return;
      for (const { handle, owner } of await sessions.list()) {
        if (owner !== person) await sessions.revoke(handle);
      }
    });
    await expect(repeat(inMemory, meddling, plan)).rejects.toThrow("No order explains");
  });
});
