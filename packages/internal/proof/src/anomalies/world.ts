import assert from "node:assert/strict";
import { SessionManager, type SessionManagerOptions, type Store } from "@sess/core";
import { FaultyStore } from "@sess/core/conformance";
import { collect } from "@sess/test-support";
import { Recording, RULES, type TakeOptions, TIMES } from "../interleavings/recording.ts";
import { codeOf } from "../oracle/answers.ts";
import { Oracle } from "../oracle/oracle.ts";
import { fill, MINUTE, type Step, updateWith } from "../oracle/steps.ts";
import { handleOf } from "../oracle/stored.ts";
import { regenerate, reload, save } from "./request-steps.ts";
import { LOAD, own, type Scenario } from "./scenario.ts";

/** What the runs of a scenario have in common. */
export interface Surroundings {
  /** The store behind the faults, for one run. It need not be empty. */
  readonly createStore: () => Store;
  /** Another one on the same data, as another process has it. @default the same store */
  readonly elsewhere?: () => Store;
  readonly options?: Omit<SessionManagerOptions, "store">;
  /** Advances the clock by ms. */
  readonly pass: (ms: number) => void;
}

/** Who takes steps: holders of session objects, by number. */
const SOMEBODY = 1;
const LOOKING = 2;
const DEVICE = 10;
const FIRST_REQUEST = 20;

const BRIEF = MINUTE;

let worlds = 0;

/** What one run takes place in: a store with faults, a person, and somebody else. */
export class World {
  readonly store: FaultyStore;
  readonly recording: Recording;
  /** Meets the faults. */
  readonly #faulty: SessionManager;
  /** Meets none: another process on the same data. */
  readonly #elsewhere: SessionManager;
  readonly #oracle = new Oracle(RULES, Date.now());
  #requests = 0;
  #mine = "";
  /** Somebody else's session. */
  #theirs = "";

  private constructor({ createStore, elsewhere, options }: Surroundings) {
    const store = createStore();
    const settings = { ...TIMES, sweepInterval: 0, ...options };
    this.store = new FaultyStore(store);
    worlds += 1;
    this.recording = new Recording(this.#oracle, [], `person ${worlds}`);
    this.#faulty = new SessionManager({ ...settings, store: this.store });
    this.#elsewhere = new SessionManager({ ...settings, store: elsewhere?.() ?? store });
  }

  static async create(surroundings: Surroundings, { devices = 0, isSweep }: Scenario) {
    const world = new World(surroundings);
    const { person } = world.recording;
    world.#theirs = await world.#store(`somebody else than ${person}`);
    world.#mine = await world.#store(person);
    for (let device = 0; device < devices; device += 1) await world.#store(person);
    for (let count = 0; isSweep && count < 3; count += 1) {
      const brief = world.#elsewhere.create({ idleTimeout: BRIEF });
      brief.set("text", "brief");
      await brief.save();
    }
    // From now on an object without changes extends the session when it is saved.
    surroundings.pass(10 * MINUTE);
    const [, ...ids] = world.recording.ids;
    for (const [device, id] of ids.entries()) {
      await world.recording.take(DEVICE + device, world.#elsewhere, LOAD, id);
    }
    return world;
  }

  /** The number of a new request, in place of one that is over. */
  newRequest(former?: number): number {
    if (former !== undefined) this.recording.objects.delete(former);
    this.#requests += 1;
    return FIRST_REQUEST + this.#requests;
  }

  /** A step of a request, which meets the faults. */
  take(request: number, step: Step, options: TakeOptions): Promise<string> {
    return this.recording.take(request, this.#faulty, step, this.#mine, options);
  }

  /** Steps of another process. */
  async others(steps: readonly Step[] = []): Promise<void> {
    const holder = this.recording.objects.has(DEVICE + 1) ? DEVICE + 1 : DEVICE;
    for (const step of steps) {
      await this.recording.take(holder, this.#elsewhere, step, this.#mine);
    }
  }

  /** While a call for the person hangs, everything works for somebody else. */
  async somebodyWorks(): Promise<void> {
    for (const step of SOMEBODYS_DAY) {
      await this.recording.take(SOMEBODY, this.#faulty, step, this.#theirs);
    }
  }

  /**
   * All objects at hand must go on, and what is stored must be what the oracle says. Under ids that nobody
   * was told there may be `orphans` sessions at most, which end when the person signs out everywhere.
   */
  async audit({ isSweep, instead }: Scenario, orphans: number): Promise<void> {
    const { ids, objects } = this.recording;
    // Requests first: they may still get to know that their session has moved.
    for (const holder of [...objects.keys()].sort((a, b) => b - a)) {
      await this.#goOn(holder, holder >= FIRST_REQUEST && instead?.mayHaveMoved);
    }
    const told = new Set(ids.map(handleOf));
    await this.recording.look(LOOKING, this.#elsewhere);
    this.recording.mustBeExplained();
    if (isSweep) assert.equal(await this.#elsewhere.sweep(), 0, "what expired must be removed");
    const untold = (await this.#handles()).filter((handle) => !told.has(handle));
    assert.ok(untold.length <= orphans, `${untold.length} sessions are left that nobody knows of`);
    await this.#elsewhere.revokeAll(this.recording.person);
    assert.deepEqual(await this.#handles(), [], "after signing out everywhere");
    await this.#elsewhere.destroy(this.#theirs);
  }

  /** What the object of a holder saves must be stored, unless the session has ended. */
  async #goOn(holder: number, mayBeGone = false): Promise<void> {
    const take = (step: Step, options = {}) =>
      this.recording.take(holder, this.#elsewhere, step, this.#mine, options);
    await take(SET);
    await takeOrFind(take, save, mayBeGone);
    await take(reload);
  }

  /** The handles of the person's sessions. */
  async #handles(): Promise<string[]> {
    return (await collect(this.#elsewhere.list(this.recording.person))).map(({ handle }) => handle);
  }

  async #store(owner: string): Promise<string> {
    const real = this.#elsewhere.create();
    this.#oracle.drawn = real.id;
    for (const session of [real, this.#oracle.create()]) await fill(session, owner);
    this.recording.ids.push(real.id);
    return real.id;
  }
}

/** Takes a step with an object whose session may have moved, which only a `regenerate()` finds again. */
export async function takeOrFind(
  take: (step: Step, options: TakeOptions) => Promise<unknown>,
  step: Step,
  mayBeGone: boolean,
): Promise<void> {
  try {
    await take(step, { mayBeGone });
  } catch (error) {
    if (codeOf(error) !== "SESSION_DESTROYED") throw error;
    await take(regenerate, {});
  }
}

/** Shows nothing: until the next save, an object may know less or more than the store. */
const SET: Step = { name: "set", act: ({ object }) => object?.set("later", true) };

const SOMEBODYS_DAY: readonly Step[] = [
  LOAD,
  own("flash", (session) => session.flash("info", "hello")),
  save,
  own("takeFlash", (session) => session.takeFlash("info")),
  updateWith([{ name: "set", act: (session) => session.set("updated", true) }]),
  regenerate,
];
