import assert from "node:assert/strict";
import { SessionError } from "@sess/core";
import type { Fault, InjectedFault } from "@sess/core/conformance";
import type { Scenario, Scene } from "./scenario.ts";
import { type Surroundings, World } from "./world.ts";

/** What is done to a scenario, at one call after another. */
export interface Plan {
  readonly fault: Omit<Fault, "call" | "delay" | "error">;
  /** Whether what failed is done again with the objects of the first time, not by a new request. */
  readonly sameObject: boolean;
  /** Whether what is done again meets the fault too, at each of its calls. */
  readonly twice?: boolean;
}

/** Far more calls than any scenario makes. */
const MOST_CALLS = 100;

const INJECTED = new Error("injected");

/**
 * Runs `scenario` with the fault at its first call of the store, at its second, and so on, until it
 * runs through without meeting the fault. Resolves to how many runs that took; rejects with what went
 * wrong and at which call.
 */
export async function anomalyLoop(
  surroundings: Surroundings,
  scenario: Scenario,
  plan: Plan,
): Promise<number> {
  let runs = 0;
  /** All runs whose faults begin with `calls`; how many of these were met. */
  async function from(calls: readonly number[]): Promise<number> {
    const met = await run(await World.create(surroundings), scenario, plan, calls).catch(
      (cause: unknown) => {
        const where = `${scenario.name}, at call ${calls.join(" and then ")}`;
        throw new Error(`${where} of ${JSON.stringify(plan)}: ${cause}`, { cause });
      },
    );
    runs += 1;
    return met;
  }
  for (let first = 1; (await from([first])) === 1; first += 1) {
    assert.ok(first < MOST_CALLS, `${scenario.name} never runs through`);
    if (!plan.twice) continue;
    for (let second = 1; (await from([first, second])) === 2; second += 1) {
      assert.ok(second < MOST_CALLS, `${scenario.name} never runs through again`);
    }
  }
  return runs;
}

/** One run: how many of the faults, each at its call of one attempt, were met. */
async function run(world: World, scenario: Scenario, plan: Plan, calls: readonly number[]) {
  const scene = await scenario.prepare(world);
  const { fault, sameObject } = plan;
  const redo = () => (sameObject ? scene.act() : (scene.anew ?? scene.act)());
  let failures = 0;
  let met = 0;
  for (const call of calls) {
    const injected = world.store.inject({ ...fault, call, delay: 0, error: INJECTED });
    const task = failures === 0 ? () => scene.act() : redo;
    const failed = await attempt(world, scene, injected, plan, task);
    if (injected.hits > 0) met += 1;
    // Else what the store does late comes after what is done again.
    if (fault.persistent || injected.hits === 0) await injected.heal();
    if (!failed) break;
    failures += 1;
  }
  if (failures > 0 && failures === calls.length) await redo();
  await world.store.heal();
  await scene.check({ ...fault, sameObject, failures });
  await world.audit();
  return met;
}

/** Carries out the operation while a fault waits for it: whether it failed. */
async function attempt(
  world: World,
  scene: Scene,
  injected: InjectedFault,
  { fault: { effect, persistent } }: Plan,
  task: () => Promise<unknown>,
): Promise<boolean> {
  const acting = task().then(
    () => false,
    (error: unknown) => {
      assert.ok(error instanceof SessionError, `it must be a SessionError: ${error}`);
      assert.equal(error.code, "STORE_UNAVAILABLE", error.message);
      assert.equal(error.cause, INJECTED, "the error must keep its cause");
      return true;
    },
  );
  if (effect.startsWith("hang")) {
    await Promise.race([acting, injected.firstHit]);
    if (injected.hits > 0 && !persistent) await world.somebodyWorks();
    if (injected.hits > 0) await scene.meanwhile?.();
    await injected.heal();
  }
  const failed = await acting;
  const expected = injected.hits > 0 && effect.startsWith("reject");
  if (failed || !scene.mends) {
    assert.equal(failed, expected, "it must fail where the store fails, and nowhere else");
  }
  return failed;
}
