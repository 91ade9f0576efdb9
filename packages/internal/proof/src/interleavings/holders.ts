import { type Session, SessionManager } from "@sess/core";
import type { Scheduler } from "fast-check";
import type { StoppedClock } from "../clock.ts";
import { type Operation, Recorder } from "../history/operation.ts";
import { outcome } from "../model/outcome.ts";
import { RealSessions } from "../model/real-sessions.ts";
import { SessionsModel } from "../model/sessions-model.ts";
import type { Subject } from "../model/subject.ts";
import { handleOf, type Rules, World } from "../model/world.ts";
import type { WholeStore } from "../stores.ts";
import { GONE, type Group, noFacts, type Taken } from "./group-model.ts";
import { scheduledStore } from "./scheduled-store.ts";
import { scheduleTimers } from "./scheduled-timers.ts";
import { type Facts, type Scene, type Step, takeStep } from "./step.ts";

/** What came of one schedule. */
export interface Played {
  readonly operations: readonly Operation<Taken, string>[];
  /** What was there before the first step. */
  readonly initial: Group;
  readonly facts: Facts;
  /** How many sessions live at the end. */
  readonly live: number;
  /** The one that lives under an id which somebody was given. */
  readonly left: Session | undefined;
}

const MINUTE = 60_000;
const TIMES = { idleTimeout: 20 * MINUTE, absoluteTimeout: 60 * MINUTE };
const RULES: Rules = {
  ...TIMES,
  ...{ touchAfter: undefined, codec: JSON, encrypt: false, sweeps: true },
};

/** Most holders at once. */
export const MOST_HOLDERS = 4;

/**
 * Has each program carried out by a holder of one session, in the order that the scheduler draws.
 * `stores`: on one place, one for whoever looks and one for each holder.
 */
export async function play(
  [own, ...stores]: readonly WholeStore[],
  programs: readonly (readonly Step[])[],
  scheduler: Scheduler,
  clock: StoppedClock,
): Promise<Played> {
  const quiet = new SessionManager({ store: given(own), ...TIMES, sweepInterval: 0 });
  const session = quiet.create();
  fill(session);
  await session.save();
  const world = worldWith(session.id, clock.now);
  // From now on an object that changed nothing extends the session when it is saved.
  clock.advance(10 * MINUTE);
  world.now = clock.now;

  const ids = [session.id];
  const facts = noFacts();
  facts.flashed.push("first");
  const recorder = new Recorder<Taken, string>();
  const hold = async (holder: number, program: readonly Step[]) => {
    const between = scheduledStore(given(stores[holder]), scheduler);
    const manager = new SessionManager({ store: between, ...TIMES, sweepInterval: 0 });
    const sessions = new RealSessions(manager);
    let object: Session | undefined;
    for (const [index, step] of program.entries()) {
      const id = ids[ids.length - 1 - (step.which % ids.length)] ?? session.id;
      const place = { id, handle: handleOf(id), text: `${holder}.${index}` };
      const taken: Taken = { ...place, holder, step, drawn: "" };
      const scene: Scene<Session> = { ...place, sessions, object, facts };
      const answer = await recorder.record(taken, async () => {
        const came = await outcome(() => takeStep(step, scene));
        taken.drawn = scene.object?.id ?? "";
        return came;
      });
      object = answer === GONE ? undefined : scene.object;
      if (object && !ids.includes(object.id)) ids.push(object.id);
    }
  };
  using _ = scheduleTimers(scheduler);
  await scheduler.waitFor(Promise.all(programs.map((program, holder) => hold(holder, program))));

  const found = await Promise.all(ids.map((id) => quiet.load(id)));
  const live = (await new RealSessions(quiet).list()).length;
  const { operations } = recorder;
  const left = found.find((each) => each !== undefined);
  return { operations, initial: { world, objects: new Map() }, facts, live, left };
}

function given(store: WholeStore | undefined): WholeStore {
  if (store === undefined) throw new Error("Each holder needs a store.");
  return store;
}

/** What the session holds at first. */
function fill(session: Subject): void {
  session.set("count", 0);
  session.set("list", []);
  session.flash("info", "first");
  session.owner = "ada";
}

function worldWith(id: string, now: number): World {
  const world = new World(RULES, now);
  world.drawn = id;
  const session = new SessionsModel(world).create();
  fill(session);
  session.save();
  return world;
}
