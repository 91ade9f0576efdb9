import assert from "node:assert/strict";
import { SessionError } from "@sess/core";
import type { Fault, InjectedFault } from "@sess/core/conformance";
import type { TakeOptions } from "../interleavings/recording.ts";
import type { Step } from "../oracle/steps.ts";
import { LOAD, type Scenario } from "./scenario.ts";
import { type Surroundings, takeOrFind, World } from "./world.ts";

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
      return await run(await World.create(surroundings, scenario), scenario, plan, calls);
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
  const { ready = [LOAD], besides = [] } = scenario;
  const requests = [ready, ...besides].map((each) => new Request(world, scenario, plan, each));
  for (const request of requests) await request.makeReady();
  await world.others(scenario.others);
  const { fault } = plan;
  let failures = 0;
  let met = 0;
  for (const call of calls) {
    const injected = world.store.inject({ ...fault, call, delay: 0, error: INJECTED });
    const failed = await attempt(world, scenario, injected, plan, requests);
    if (injected.hits > 0) met += 1;
    // Otherwise the store does late what was rejected early: after it was done again.
    if (fault.persistent || injected.hits === 0) await injected.heal();
    if (failed === 0) break;
    failures += failed;
    if (failures === failed) await world.others(scenario.instead?.others);
  }
  await Promise.all(requests.map((request) => request.carryOut()));
  await world.store.heal();
  const isClear = scenario.instead?.clearsAway && fault.effect !== "reject-early";
  await world.audit(scenario, isClear ? 0 : failures);
  return met;
}

/** Carries out the requests while a fault waits for them. Resolves to how many failed. */
async function attempt(
  world: World,
  { mends, meanwhile }: Scenario,
  injected: InjectedFault,
  { fault }: Plan,
  requests: readonly Request[],
): Promise<number> {
  const acting = Promise.allSettled(requests.map((request) => request.carryOut()));
  if (fault.effect.startsWith("hang")) {
    await Promise.race([acting, injected.firstHit]);
    if (injected.hits > 0 && !fault.persistent) await world.somebodyWorks();
    if (injected.hits > 0) await world.others(meanwhile);
    await injected.heal();
  }
  const failures = (await acting).filter((end) => end.status === "rejected");
  for (const { reason } of failures) {
    assert.ok(reason instanceof SessionError, `it must be a SessionError: ${reason}`);
    assert.equal(reason.code, "STORE_UNAVAILABLE", reason.message);
    const { cause } = reason;
    assert.ok(cause instanceof Error && cause.message === INJECTED.message, "it must tell why");
  }
  const mustFail = injected.hits > 0 && isRejection(fault);
  if (failures.length > 0 || !mends) {
    const told = "it must fail where the store fails, and nowhere else";
    assert.equal(failures.length > 0, mustFail, told);
  }
  return failures.length;
}

/** One of the requests of a scenario. */
class Request {
  readonly #world: World;
  readonly #scenario: Scenario;
  readonly #ready: readonly Step[];
  readonly #plan: Plan;
  readonly #options: TakeOptions;
  #number: number;
  #left: readonly Step[];
  #hasFailed = false;

  constructor(world: World, scenario: Scenario, plan: Plan, ready: readonly Step[]) {
    this.#ready = ready;
    this.#world = world;
    this.#scenario = scenario;
    this.#plan = plan;
    this.#number = world.newRequest();
    this.#left = scenario.act;
    const { ifFailed = "again", mends } = scenario;
    // What mends itself has ended some sessions before it failed.
    const mayHaveHappened = plan.fault.effect !== "reject-before" || mends;
    const ifNew = mayHaveHappened ? "lost" : "again";
    this.#options = { ifFailed: plan.sameObject && ifFailed !== "lost" ? ifFailed : ifNew };
  }

  async makeReady(): Promise<void> {
    for (const step of this.#ready) await this.#take(step);
  }

  /** Does what is left to do. What has failed before is done again, or something in its place. */
  async carryOut(): Promise<void> {
    const { act, instead } = this.#scenario;
    if (this.#hasFailed && !this.#plan.sameObject) {
      this.#number = this.#world.newRequest(this.#number);
      await this.makeReady();
      this.#left = act;
    } else if (this.#hasFailed && instead) {
      const take = (step: Step, options: TakeOptions) =>
        this.#world.take(this.#number, step, options);
      await takeOrFind(take, instead.act, instead.mayHaveMoved);
      this.#hasFailed = false;
      this.#left = [];
    }
    while (this.#left[0]) {
      this.#hasFailed = true;
      await this.#take(this.#left[0]);
      this.#hasFailed = false;
      this.#left = this.#left.slice(1);
    }
  }

  #take(step: Step): Promise<string> {
    return this.#world.take(this.#number, step, this.#options);
  }
}
