import { type Session, SessionManager } from "@sess/core";
import type { StoppedClock } from "@sess/test-support";
import type { Scheduler } from "fast-check";
import { type Operation, Recorder, type Specification } from "../history/operation.ts";
import { contentsOf, outcome, outcomeNow, textOf } from "../oracle/answers.ts";
import { Oracle } from "../oracle/oracle.ts";
import type { OracleSession } from "../oracle/oracle-session.ts";
import { realSessions } from "../oracle/real-sessions.ts";
import { fill, MINUTE, type Scene, type Step } from "../oracle/steps.ts";
import { handleOf } from "../oracle/stored.ts";
import type { WholeStore } from "../stores/store-kind.ts";
import { scheduledStore, scheduleTimers } from "./scheduled.ts";

/** A step, and which of the session's ids it goes by: 0 is the newest. */
export interface Planned {
  readonly step: Step;
  readonly which: number;
}

/** A step that a holder of the session took. */
export interface Taken {
  readonly holder: number;
  readonly step: Step;
  readonly id: string;
  /** The id that the holder's object has afterwards. */
  drawn: string;
}

/** The session in the store, and the objects of all its holders. Never changed in place. */
export interface Group {
  readonly oracle: Oracle;
  readonly objects: ReadonlyMap<number, OracleSession>;
}

/** What came of one schedule. */
export interface Played {
  readonly operations: readonly Operation<Taken, string>[];
  /** What was there before the first step. */
  readonly initial: Group;
}

/** How many hold the session at once, at most. */
export const MOST_HOLDERS = 4;

const TIMES = { idleTimeout: 20 * MINUTE, absoluteTimeout: 60 * MINUTE };
const RULES = { ...TIMES, touchAfter: undefined, codec: JSON, encrypt: false };
const GONE = "fails with SESSION_DESTROYED";

/**
 * Lets each holder of one session take its steps, in the order that the scheduler draws, and has the
 * first holder take `last` for every id when all is done. `stores` are in one place, one for each holder.
 */
export async function play(
  stores: readonly WholeStore[],
  programs: readonly (readonly Planned[])[],
  last: readonly Step[],
  scheduler: Scheduler,
  clock: StoppedClock,
): Promise<Played> {
  const quiet = new SessionManager({ store: given(stores[0]), ...TIMES, sweepInterval: 0 });
  const session = quiet.create();
  await fill(session);
  const oracle = new Oracle(RULES, clock.now);
  oracle.drawn = session.id;
  void fill(oracle.create());
  // From now on an object without changes extends the session when it is saved.
  clock.advance(10 * MINUTE);
  oracle.now = clock.now;

  const ids = [session.id];
  const recorder = new Recorder<Taken, string>();
  const objects = new Map<number, Session>();
  async function take(holder: number, manager: SessionManager, step: Step, id: string) {
    const object = objects.get(holder);
    const scene = { ...sceneOf(id), sessions: realSessions(manager), object };
    const taken: Taken = { holder, step, id, drawn: "" };
    const answer = await recorder.record(taken, async () => {
      const came = await outcome(() => step.act(scene));
      taken.drawn = scene.object?.id ?? "";
      return came;
    });
    if (scene.object === undefined || answer === GONE) objects.delete(holder);
    else objects.set(holder, scene.object);
    if (taken.drawn !== "" && !ids.includes(taken.drawn)) ids.push(taken.drawn);
  }
  async function hold(holder: number, program: readonly Planned[]): Promise<void> {
    const store = scheduledStore(given(stores[holder]), scheduler);
    const manager = new SessionManager({ store, ...TIMES, sweepInterval: 0 });
    for (const { step, which } of program) {
      await take(holder, manager, step, ids.at(-1 - (which % ids.length)) ?? "");
    }
  }
  {
    using _ = scheduleTimers(scheduler);
    await scheduler.waitFor(Promise.all(programs.map((program, holder) => hold(holder, program))));
  }
  for (const id of ids) for (const step of last) await take(0, quiet, step, id);
  return { operations: recorder.operations, initial: { oracle, objects: new Map() } };
}

/** What the oracle says of steps that are taken one after another. */
export function groupSpecification(initial: Group): Specification<Group, Taken, string> {
  return {
    initial,
    apply: takeStep,
    keyOf: ({ oracle, objects }) => {
      const held = [...objects].map(([holder, object]) => [holder, object.describe()]);
      held.sort(([one], [other]) => Number(one) - Number(other));
      return textOf([oracle.stored, oracle.forwards, held]);
    },
    // Even a load changes something: what the holder has in hand.
    isRead: () => false,
  };
}

function takeStep(group: Group, { holder, step, id, drawn }: Taken) {
  const oracle = group.oracle.copy();
  oracle.drawn = drawn;
  const object = group.objects.get(holder)?.copyTo(oracle);
  const scene: Scene<OracleSession> = { ...sceneOf(id), sessions: oracle, object };
  const answer = outcomeNow(() => step.act(scene));
  const objects = new Map(group.objects);
  objects.delete(holder);
  if (scene.object && answer !== GONE) objects.set(holder, scene.object);
  return { next: { oracle, objects }, answer };
}

function sceneOf(id: string) {
  return { id, handle: handleOf(id), show: contentsOf };
}

function given(store: WholeStore | undefined): WholeStore {
  if (store === undefined) throw new Error("Each holder needs a store.");
  return store;
}
