import type { Store } from "../src/contract/store.ts";
import { closed } from "./clauses/closed.ts";
import { copies } from "./clauses/copies.ts";
import { damaged } from "./clauses/damaged.ts";
import { data } from "./clauses/data.ts";
import { deletion } from "./clauses/delete.ts";
import { durable } from "./clauses/durable.ts";
import { expiry } from "./clauses/expiry.ts";
import { factory } from "./clauses/factory.ts";
import { failure } from "./clauses/failure.ts";
import { list } from "./clauses/list.ts";
import { missing } from "./clauses/missing.ts";
import { model } from "./clauses/model.ts";
import { order } from "./clauses/order.ts";
import { owner } from "./clauses/owner.ts";
import { parallel } from "./clauses/parallel.ts";
import { reopened } from "./clauses/reopened.ts";
import { revision } from "./clauses/revision.ts";
import { roundTrip } from "./clauses/round-trip.ts";
import { size } from "./clauses/size.ts";
import { sweep } from "./clauses/sweep.ts";
import { touch } from "./clauses/touch.ts";
import { twoConnections } from "./connections/two-connections.ts";
import { type Case, skipped } from "./harness/clause.ts";
import { StoreTime } from "./harness/clock.ts";
import { Fixture, type StoreUnderTest } from "./harness/fixture.ts";
import { SkipReporter } from "./harness/skip-reporter.ts";
import { checkTestOptions, DEFAULT_RESOLUTION, type StoreTestOptions } from "./options.ts";

/**
 * Registers a test for each rule of the store contract with your test runner. Rules about a method that
 * the store lacks are skipped, and the reason is printed.
 *
 * @throws INVALID_OPTION if a suite with these options would prove nothing
 */
export function testStore<S extends Store>(options: StoreTestOptions<S>): void {
  checkTestOptions(options);
  const { test, clock, resolution = DEFAULT_RESOLUTION } = options;
  if (clock === undefined) process.emitWarning(`${realTime(resolution)}.`, WARNING);
  const time = new StoreTime(clock, resolution);
  const skips = new SkipReporter();
  // Cases that set the same clock must not overlap, even if the runner starts tests side by side.
  const schedule = clock === undefined ? <T>(run: () => Promise<T>) => run() : oneAtATime();

  for (const each of casesFor(options)) {
    test(each.name, async function (this: unknown, ...context: unknown[]) {
      const fixture = new Fixture(() => storeUnderTest(options), time);
      const reason = await schedule(() => runCase(each, fixture));
      if (reason !== undefined) skips.report(each.name, reason, [this, ...context]);
    });
  }
}

function casesFor<S extends Store>({
  connect,
  damage,
  fail,
  reopen,
  clock,
  resolution = DEFAULT_RESOLUTION,
}: StoreTestOptions<S>): Case[] {
  return [
    factory,
    roundTrip,
    missing,
    revision,
    expiry,
    deletion,
    touch,
    list,
    owner,
    sweep,
    order,
    copies,
    parallel,
    data,
    model,
    closed,
    durable,
    size,
    connect ? twoConnections : skipped("two connections", "singleProcess is true"),
    damage ? damaged : skipped("damaged", "damage was not passed"),
    fail ? failure : skipped("failure", "fail was not passed"),
    reopen ? reopened : skipped("reopened", "reopen was not passed"),
    clock ? [] : skipped("expiry", realTime(resolution)),
  ].flat();
}

const WARNING = "@sess/core/conformance";

/** A warning, also in the report: without a clock a store that is late, or early, by less than this passes. */
function realTime(resolution: number): string {
  return `no clock was passed, so expiry is tested in real time and within ${resolution} ms only`;
}

async function storeUnderTest<S extends Store>(
  options: StoreTestOptions<S>,
): Promise<StoreUnderTest> {
  const { createStore, connect, damage, fail, reopen } = options;
  const store = await createStore();
  return {
    store,
    async connect() {
      if (connect === undefined) throw new Error("connect was not passed.");
      return connect(store);
    },
    async damage(handle) {
      await damage?.(store, handle);
    },
    async fail() {
      return (await fail?.(store)) ?? undefined;
    },
    async reopen() {
      if (reopen === undefined) throw new Error("reopen was not passed.");
      return reopen(store);
    },
  };
}

async function runCase(each: Case, fixture: Fixture): Promise<string | undefined> {
  try {
    await fixture.time.start();
    const reason = await each.run(fixture);
    await fixture.close();
    return reason;
  } catch (failure) {
    // The first failure tells more than a failing close() after it.
    await fixture.close().catch(() => {});
    throw failure;
  }
}

function oneAtATime(): <T>(run: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (run) => {
    const result = last.then(run, run);
    last = result;
    return result;
  };
}
