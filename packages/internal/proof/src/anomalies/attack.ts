import assert from "node:assert/strict";
import { SessionError } from "@sess/core";
import type { Fault, InjectedFault } from "@sess/core/conformance";
import type { Scenario, Scene } from "./scenario.ts";
import { type Surroundings, World } from "./world.ts";

type PlannedFault = Omit<Fault, "call" | "delay" | "error">;

/** What is done to a scenario, at one call after another. */
export interface Plan {
  readonly fault: PlannedFault;
  /** Whether what failed is done again with the same objects, not by a new request. */
  readonly sameObject: boolean;
  /** Whether what is done again meets the fault as well, at each of its calls. */
  readonly twice?: boolean;
}

/** Every way in which a call can fail once. */
export const TRANSIENT: readonly PlannedFault[] = [
  { effect: "reject-before" },
  { effect: "reject-after" },
  { effect: "reject-early" },
  { effect: "hang-before" },
  { effect: "hang-after" },
  { effect: "delay-before" },
  { effect: "delay-after" },
  { effect: "duplicate-first" },
  { effect: "duplicate-second" },
  // In the midst of a listing.
  { effect: "reject-before", method: "list", entries: 1 },
  { effect: "hang-before", method: "list", entries: 1 },
];

/** The same from one call on, until the store is healed. */
export const PERSISTENT: readonly PlannedFault[] = TRANSIENT.map((fault) => ({
  ...fault,
  persistent: true,
}));

/** The faults after which something has to be done again. */
export const REJECTIONS: readonly PlannedFault[] = TRANSIENT.filter(isRejection);

/** Each fault with both ways of doing again what failed. */
export function plansOf(faults: readonly PlannedFault[], twice = false): Plan[] {
  return [true, false].flatMap((sameObject) =>
    faults
      .filter((fault) => sameObject || isRejection(fault))
      .map((fault) => ({ fault, sameObject, twice })),
  );
}

function isRejection({ effect }: PlannedFault): boolean {
  return effect.startsWith("reject");
}

/** Carries out every plan on a scenario. Resolves to how many runs that took; rejects as `repeat` does. */
export async function attack(
  surroundings: Surroundings,
  scenario: Scenario,
  plans: readonly Plan[],
): Promise<number> {
  let runs = 0;
  for (const plan of plans) runs += await repeat(surroundings, scenario, plan);
  // A rejection that nobody handled is noticed a tick later, and must fail this test.
  await new Promise((resolve) => setImmediate(resolve));
  return runs;
}

/** Far more calls than any scenario makes. */
const MOST_CALLS = 100;

const INJECTED = new Error("injected");

/**
 * Runs a scenario with the fault at its first call of the store, then at its second, and so on, until it
 * runs through without meeting the fault. Resolves to the number of runs; rejects with what went wrong
 * and at which call.
 */
export async function repeat(
  surroundings: Surroundings,
  scenario: Scenario,
  plan: Plan,
): Promise<number> {
  let runs = 0;
  /** A run with faults at these calls; resolves to how many of them were met. */
  async function at(...calls: number[]): Promise<number> {
    runs += 1;
    try {
      return await run(await World.create(surroundings), scenario, plan, calls);
    } catch (cause) {
      const where = `${scenario.name}, at call ${calls.join(" and then ")}`;
      throw new Error(`${where} of ${JSON.stringify(plan)}: ${cause}`, { cause });
    }
  }
  for (let first = 1; (await at(first)) === 1; first += 1) {
    assert.ok(first < MOST_CALLS, `${scenario.name} never runs through`);
    if (!plan.twice) continue;
    for (let second = 1; (await at(first, second)) === 2; second += 1) {
      assert.ok(second < MOST_CALLS, `${scenario.name} never runs through again`);
    }
  }
  return runs;
}

/** One run, with a fault at a call of each attempt; resolves to how many of the faults were met. */
async function run(world: World, scenario: Scenario, plan: Plan, calls: readonly number[]) {
  const scene = await scenario.prepare(world);
  const { fault, sameObject } = plan;
  const redo = () => (sameObject ? scene.act() : (scene.anew ?? scene.act)());
  let failures = 0;
  let met = 0;
  for (const call of calls) {
    const injected = world.store.inject({ ...fault, call, delay: 0, error: INJECTED });
    const task = failures === 0 ? () => scene.act() : redo;
    const hasFailed = await attempt(world, scene, injected, plan, task);
    if (injected.hits > 0) met += 1;
    // Otherwise the store does late what was rejected early: after it was done again.
    if (fault.persistent || injected.hits === 0) await injected.heal();
    if (!hasFailed) break;
    failures += 1;
  }
  if (failures > 0 && failures === calls.length) await redo();
  await world.store.heal();
  await scene.check({ ...fault, sameObject, failures });
  await world.audit();
  return met;
}

/** Carries out the operation while a fault waits for it. Resolves to whether it failed. */
async function attempt(
  world: World,
  scene: Scene,
  injected: InjectedFault,
  { fault }: Plan,
  task: () => Promise<unknown>,
): Promise<boolean> {
  const acting = task().then(
    () => false,
    (error: unknown) => {
      assert.ok(error instanceof SessionError, `it must be a SessionError: ${error}`);
      assert.equal(error.code, "STORE_UNAVAILABLE", error.message);
      const { cause } = error;
      assert.ok(cause instanceof Error && cause.message === INJECTED.message, "it must tell why");
      return true;
    },
  );
  if (fault.effect.startsWith("hang")) {
    await Promise.race([acting, injected.firstHit]);
    if (injected.hits > 0 && !fault.persistent) await world.somebodyWorks();
    if (injected.hits > 0) await scene.meanwhile?.();
    await injected.heal();
  }
  const hasFailed = await acting;
  const mustFail = injected.hits > 0 && isRejection(fault);
  if (hasFailed || !scene.mends) {
    assert.equal(hasFailed, mustFail, "it must fail where the store fails, and nowhere else");
  }
  return hasFailed;
}
