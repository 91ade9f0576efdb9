import { SessionManager } from "@sess/core";
import { type Fault, FaultyStore } from "@sess/core/conformance";
import type { StoppedClock } from "@sess/test-support";
import type { Scheduler } from "fast-check";
import { codeOf } from "../oracle/answers.ts";
import { Oracle } from "../oracle/oracle.ts";
import { fill, MINUTE, type Step } from "../oracle/steps.ts";
import type { WholeStore } from "../stores/store-kind.ts";
import { Recording, RULES, TIMES } from "./recording.ts";
import { scheduledStore, scheduleTimers } from "./scheduled.ts";

/** A step, and which of the session's ids it goes by: 0 is the newest. */
export interface Planned {
  readonly step: Step;
  readonly which: number;
}

/** The writes of a holder that its store rejects, by number, before or after they are done. */
export type Rejections = readonly Pick<Fault, "effect" | "method" | "call">[];

/** How many hold the session at once, at most. */
export const MOST_HOLDERS = 4;

/**
 * Lets each holder of one session take its steps, in the order that the scheduler draws, and has the first
 * holder look what is left under every id. `stores` are in one place, one for each holder. A holder for whom
 * something fails goes on as a new request.
 */
export async function play(
  stores: readonly WholeStore[],
  programs: readonly (readonly Planned[])[],
  scheduler: Scheduler,
  clock: StoppedClock,
  rejections: Rejections = [],
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
    const store = new FaultyStore(scheduledStore(given(stores[holder]), scheduler));
    for (const each of rejections) store.inject(each);
    const manager = new SessionManager({ store, ...TIMES, sweepInterval: 0 });
    let request = holder;
    for (const { step, which } of program) {
      const id = ids.at(-1 - (which % ids.length)) ?? "";
      await recording.take(request, manager, step, id, { ifFailed: "lost" }).catch((error) => {
        if (rejections.length === 0 || codeOf(error) !== "STORE_UNAVAILABLE") throw error;
        request += MOST_HOLDERS;
      });
    }
  }
  {
    using _ = scheduleTimers(scheduler);
    await scheduler.waitFor(Promise.all(programs.map((program, holder) => hold(holder, program))));
  }
  await recording.look(0, quiet);
  return recording;
}

function given(store: WholeStore | undefined): WholeStore {
  if (store === undefined) throw new Error("Each holder needs a store.");
  return store;
}
