import assert from "node:assert/strict";
import type { Session, SessionManager } from "@sess/core";
import { linearize } from "../history/linearize.ts";
import { type Operation, Recorder, type Specification } from "../history/operation.ts";
import { after, contentsOf, outcome, outcomeNow, textOf } from "../oracle/answers.ts";
import type { Oracle } from "../oracle/oracle.ts";
import type { OracleSession } from "../oracle/oracle-session.ts";
import { realSessions } from "../oracle/real-sessions.ts";
import { KINDS, loadObject, MINUTE, type Scene, type Step } from "../oracle/steps.ts";
import { handleOf } from "../oracle/stored.ts";

/** The rules of all managers whose steps are recorded, and of the oracle. */
export const TIMES = { idleTimeout: 20 * MINUTE, absoluteTimeout: 60 * MINUTE };
export const RULES = { ...TIMES, touchAfter: undefined, codec: JSON, encrypt: false };

const GONE = "fails with SESSION_DESTROYED";

/** A step that a holder of a session took. */
export interface Taken {
  readonly holder: number;
  readonly step: Step;
  readonly id: string;
  readonly person: string;
  /** When, in ms since the epoch. */
  readonly at: number;
  /** The id that the holder's object has afterwards. */
  drawn: string;
  /** Whether the holder's object never learns that it has happened. */
  isLost: boolean;
}

/** All that is stored, and the objects of all holders. Never changed in place. */
interface Group {
  readonly oracle: Oracle;
  readonly objects: ReadonlyMap<number, OracleSession>;
}

export interface TakeOptions {
  /**
   * What the record says of a step where the store fails. `again`: the next step of the holder is the same
   * one, which began with this one. `unknown`: it may have happened, and the holder's object will know.
   * `lost`: it may have happened, and no object will ever know.
   *
   * @default "again"
   */
  readonly ifFailed?: "again" | "unknown" | "lost";
  /** Whether the object may find the session gone that it has itself given a new id, without being told. */
  readonly mayBeGone?: boolean;
}

/** The objects that holders of sessions have, and a record of the steps that they take. */
export class Recording {
  /** Every id that a session has or had, as far as holders were told. */
  readonly ids: string[];
  readonly objects = new Map<number, Session>();
  readonly #recorder = new Recorder<Taken, string>();
  readonly #initial: Oracle;
  /** By holder: what may have given its object an id that nobody was told. */
  readonly #untold = new Map<number, Taken>();
  /** When holders began what has failed and is to be done again. */
  readonly #begun = new Map<number, number | undefined>();

  /** The owner of the sessions. */
  readonly person: string;

  /** @param initial - The oracle as it is before the first step. */
  constructor(initial: Oracle, ids: readonly string[], person = "ada") {
    this.#initial = initial;
    this.ids = [...ids];
    this.person = person;
  }

  /**
   * Takes a step, and resolves to its answer as text.
   *
   * @throws SessionError STORE_UNAVAILABLE; SESSION_DESTROYED where the object is to look where the session went.
   */
  async take(
    holder: number,
    manager: SessionManager,
    step: Step,
    id: string,
    { ifFailed = "again", mayBeGone = false }: TakeOptions = {},
  ): Promise<string> {
    const scene: Scene<Session> = {
      ...sceneOf(id, this.person),
      sessions: realSessions(manager),
      object: this.objects.get(holder),
    };
    const untold = `untold ${this.#recorder.operations.length}`;
    const isLost = ifFailed === "lost";
    const { person } = this;
    const taken = { holder, step, id, person, at: Date.now(), drawn: untold, isLost };
    let failure: unknown;
    const carryOut = async () => {
      const came = await outcome(async () => {
        try {
          return await step.act(scene);
        } catch (error) {
          failure = error;
          throw error;
        }
      });
      if (came === "fails with STORE_UNAVAILABLE" || (mayBeGone && came === GONE)) throw failure;
      taken.drawn = scene.object?.id ?? "";
      taken.isLost = false;
      return came;
    };
    const idBefore = scene.object?.id;
    const answer = await this.#recorder.record(taken, carryOut, this.#begun.get(holder));
    this.#begun.delete(holder);
    this.#tell(taken, idBefore);
    if (answer === undefined) {
      if (ifFailed === "unknown") this.#untold.set(holder, taken);
      if (ifFailed === "again") this.#begun.set(holder, this.#recorder.omit(taken));
      throw failure;
    }
    if (scene.object === undefined || answer === GONE) this.objects.delete(holder);
    else this.objects.set(holder, scene.object);
    if (taken.drawn !== "" && !this.ids.includes(taken.drawn)) this.ids.push(taken.drawn);
    return answer;
  }

  /** A step that gives no new id itself, and yet shows one, tells the id that an earlier one has given. */
  #tell({ holder, step, drawn }: Taken, idBefore: string | undefined): void {
    const untold = this.#untold.get(holder);
    if (untold === undefined || step.name.startsWith("regenerate")) return;
    if (idBefore !== undefined && this.ids.includes(idBefore) && !this.ids.includes(drawn)) {
      untold.drawn = drawn;
    }
  }

  /**
   * Has a holder look what is left under each id that anybody was told, and which of these sessions the
   * person has.
   */
  async look(holder: number, manager: SessionManager): Promise<void> {
    const told = new Set(this.ids.map(handleOf));
    for (const id of this.ids) {
      for (const step of LOOK) await this.take(holder, manager, step, id);
    }
    await this.take(holder, manager, listOf(told), "");
  }

  /** Throws unless the oracle gives all the answers when it takes the steps in some order. */
  mustBeExplained(): void {
    const { operations } = this.#recorder;
    const specification = groupSpecification({ oracle: this.#initial, objects: new Map() });
    const unexplained = linearize(operations, specification);
    assert.equal(unexplained && story(operations, unexplained.next), undefined);
  }
}

/** What the oracle says of steps that are taken one after another. */
function groupSpecification(initial: Group): Specification<Group, Taken, string> {
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

function takeStep(group: Group, { holder, step, id, at, drawn, isLost, person }: Taken) {
  const oracle = group.oracle.copy();
  oracle.now = at;
  oracle.drawn = drawn;
  const object = group.objects.get(holder)?.copyTo(oracle);
  const scene: Scene<OracleSession> = { ...sceneOf(id, person), sessions: oracle, object };
  const answer = outcomeNow(() => step.act(scene));
  if (isLost) return { next: { oracle, objects: group.objects }, answer };
  const objects = new Map(group.objects);
  objects.delete(holder);
  if (scene.object && answer !== GONE) objects.set(holder, scene.object);
  return { next: { oracle, objects }, answer };
}

const LOOK: readonly Step[] = [
  { name: "load", act: loadObject },
  ...KINDS.map((kind): Step => ({ name: kind, act: ({ object }) => object?.takeFlash(kind) })),
];

/** The sessions of the person with these handles. */
function listOf(told: ReadonlySet<string>): Step {
  return {
    name: "list",
    act: ({ sessions, person }) =>
      after(sessions.list(person), (found) =>
        found
          .map(({ handle }) => handle)
          .filter((handle) => told.has(handle))
          .sort(),
      ),
  };
}

function sceneOf(id: string, person: string) {
  return { id, person, handle: handleOf(id), show: contentsOf };
}

type Operations = readonly Operation<Taken, string>[];

/** Who did what, from when to when, and what could not be explained. */
function story(operations: Operations, next: Operations): string {
  const told = operations.toSorted((one, other) => one.start - other.start);
  const lines = told.map((operation) => {
    const { call, start, end, answer } = operation;
    const mark = next.includes(operation) ? "?" : " ";
    const { holder, step, id } = call;
    return `${mark} ${start}-${end} holder ${holder}: ${step.name} ${id}: ${answer?.is}`;
  });
  return ["No order explains:", ...lines].join("\n");
}
