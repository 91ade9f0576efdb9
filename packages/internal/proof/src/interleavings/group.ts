import { SessionManager } from "@sess/core";
import type { StoppedClock } from "@sess/test-support";
import type { Scheduler } from "fast-check";
import { Oracle } from "../oracle/oracle.ts";
import { AT_LAST, fill, MINUTE, type Step } from "../oracle/steps.ts";
import type { WholeStore } from "../stores/store-kind.ts";
import { Recording, RULES, TIMES } from "./recording.ts";
import { scheduledStore, scheduleTimers } from "./scheduled.ts";

/** A step, and which of the session's ids it goes by: 0 is the newest. */
export interface Planned {
  readonly step: Step;
  readonly which: number;
}

/** How many hold the session at once, at most. */
export const MOST_HOLDERS = 4;

/**
 * Lets each holder of one session take its steps, in the order that the scheduler draws, and has the first
 * holder look what is left under every id. `stores` are in one place, one for each holder.
 */
export async function play(
  stores: readonly WholeStore[],
  programs: readonly (readonly Planned[])[],
  scheduler: Scheduler,
  clock: StoppedClock,
): Promise<Recording> {
  const quiet = new SessionManager({ store: given(stores[0]), ...TIMES, sweepInterval: 0 });
  const session = quiet.create();
  await fill(session);
  const oracle = new Oracle(RULES, clock.now);
  oracle.drawn = session.id;
  void fill(oracle.create());
  // From now on an object without changes extends the session when it is saved.
  clock.advance(10 * MINUTE);

  const recording = new Recording(oracle, [session.id]);
  const { ids } = recording;
  async function hold(holder: number, program: readonly Planned[]): Promise<void> {
    const store = scheduledStore(given(stores[holder]), scheduler);
    const manager = new SessionManager({ store, ...TIMES, sweepInterval: 0 });
    for (const { step, which } of program) {
      await recording.take(holder, manager, step, ids.at(-1 - (which % ids.length)) ?? "");
    }
  }
  {
    using _ = scheduleTimers(scheduler);
    await scheduler.waitFor(Promise.all(programs.map((program, holder) => hold(holder, program))));
  }
  for (const id of ids) for (const step of AT_LAST) await recording.take(0, quiet, step, id);
  return recording;
}

function given(store: WholeStore | undefined): WholeStore {
  if (store === undefined) throw new Error("Each holder needs a store.");
  return store;
}
