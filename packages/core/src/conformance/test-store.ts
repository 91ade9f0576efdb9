import type { Store } from "../contract/store.ts";
import { type Case, skipped } from "./clause.ts";
import { closed } from "./closed.ts";
import { copies } from "./copies.ts";
import { damaged } from "./damaged.ts";
import { remove } from "./delete.ts";
import { expiry } from "./expiry.ts";
import { factory } from "./factory.ts";
import { Lab, type Specimen } from "./lab.ts";
import { list } from "./list.ts";
import { missing } from "./missing.ts";
import { model } from "./model.ts";
import { oddData } from "./odd-data.ts";
import { oddOwners } from "./odd-owners.ts";
import { checkOptions, type StoreTestOptions } from "./options.ts";
import { order } from "./order.ts";
import { owner } from "./owner.ts";
import { parallel } from "./parallel.ts";
import { revision } from "./revision.ts";
import { roundTrip } from "./round-trip.ts";
import { Skips } from "./skips.ts";
import { sweep } from "./sweep.ts";
import { Time } from "./time.ts";
import { touch } from "./touch.ts";
import { twoConnections } from "./two-connections.ts";

/**
 * Registers one test for each sentence of the store contract. The sentences about a method that the
 * store lacks are skipped, and the reason is printed.
 */
export function testStore<S extends Store>(options: StoreTestOptions<S>): void {
  checkOptions(options);
  const { test, clock, resolution = 50 } = options;
  const time = new Time(clock, resolution);
  const skips = new Skips();
  // One clock cannot be set by two cases at once, should the runner start them side by side.
  const alone = clock === undefined ? <T>(run: () => Promise<T>) => run() : oneAtATime();

  for (const each of cases(options)) {
    test(each.name, async function (this: unknown, ...context: unknown[]) {
      const reason = await alone(() => conduct(each, new Lab(() => specimen(options), time)));
      if (reason !== undefined) skips.report(each.name, reason, [this, ...context]);
    });
  }
}

function cases<S extends Store>({ connect, damage }: StoreTestOptions<S>): Case[] {
  return [
    factory,
    roundTrip,
    missing,
    revision,
    expiry,
    remove,
    touch,
    list,
    owner,
    sweep,
    order,
    copies,
    parallel,
    oddData,
    oddOwners,
    model,
    closed,
    connect ? twoConnections : skipped("two connections", "singleProcess is true"),
    damage ? damaged : skipped("damaged", "no damage() was passed"),
  ].flat();
}

async function conduct(each: Case, lab: Lab): Promise<string | undefined> {
  try {
    await lab.time.start();
    const reason = await each.run(lab);
    await lab.close();
    return reason;
  } catch (failure) {
    // What failed first says more than what fails to close after it.
    await lab.close().catch(() => {});
    throw failure;
  }
}

async function specimen<S extends Store>(options: StoreTestOptions<S>): Promise<Specimen> {
  const { createStore, connect, damage } = options;
  const store = await createStore();
  return {
    store,
    async connect() {
      if (connect === undefined) throw new Error("no connect() was passed");
      return connect(store);
    },
    async damage(key) {
      await damage?.(store, key);
    },
  };
}

function oneAtATime(): <T>(run: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (run) => {
    const turn = last.then(run, run);
    last = turn;
    return turn;
  };
}
