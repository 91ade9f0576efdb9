import assert from "node:assert/strict";
import { type Codec, type Session, SessionManager } from "@sess/core";
import type { StoppedClock } from "@sess/test-support";
import type { Place, StoreKind } from "../stores/store-kind.ts";
import { openStores } from "../stores/stores.ts";
import { contentsOf, outcome, outsideOf } from "./answers.ts";
import { Oracle } from "./oracle.ts";
import type { OracleSession } from "./oracle-session.ts";
import { realSessions } from "./real-sessions.ts";
import { fill, KINDS, MINUTE, type Scene, type Step } from "./steps.ts";
import { handleOf } from "./stored.ts";
import type { Sessions } from "./subject.ts";

/** How the managers of a run are set up. */
export interface Variant {
  readonly codec: Codec | undefined;
  readonly encrypt: boolean;
  readonly touchAfter: number | undefined;
}

/** A session object and the oracle's. */
interface Pair {
  readonly real: Session;
  readonly expected: OracleSession;
}

/** How many objects are at hand; the oldest makes room for the next. */
const MOST_OBJECTS = 6;

/** Takes every step twice, with real sessions and with the oracle, and compares what can be seen. */
export class SideBySide {
  readonly #kind: StoreKind;
  readonly #place: Place;
  readonly #clock: StoppedClock;
  readonly #oracle: Oracle;
  /** Two, as two processes would have them. */
  #managers: readonly SessionManager[] = [];
  /** Every id that there ever was. */
  readonly #ids: string[] = [];
  #pairs: Pair[] = [];

  private constructor(kind: StoreKind, place: Place, clock: StoppedClock, variant: Variant) {
    const { codec = JSON, encrypt, touchAfter } = variant;
    const times = { idleTimeout: 20 * MINUTE, absoluteTimeout: 60 * MINUTE, touchAfter };
    this.#kind = kind;
    this.#place = place;
    this.#clock = clock;
    this.#oracle = new Oracle({ ...times, codec, encrypt }, clock.now);
  }

  /** Begins with a session that is stored, and two objects of it. */
  static async begin(kind: StoreKind, clock: StoppedClock, variant: Variant): Promise<SideBySide> {
    const run = new SideBySide(kind, await kind.place(), clock, variant);
    await run.#open();
    return run;
  }

  /** Takes a step with one of the managers, and one of the objects and ids at hand. */
  async take({ act }: Step, manager: number, index: number): Promise<void> {
    const id = this.#idAt(index);
    const pair = at(this.#pairs, index);
    const common = { id, handle: handleOf(id), person: "ada", show: outsideOf };
    const real: Scene<Session> = { ...common, sessions: this.#real(manager), object: pair.real };
    const expected: Scene<OracleSession> = {
      ...{ ...common, sessions: this.#oracle, object: pair.expected },
    };
    const answer = await outcome(() => act(real));
    if (real.object) this.#learn(real.object.id);
    assert.equal(answer, await outcome(() => act(expected)), "the answer");
    await this.#compareStored(real.object?.id ?? id);
    if (!real.object || !expected.object || real.object === pair.real) return;
    this.#hold(real.object, expected.object);
  }

  async sweep(manager: number): Promise<void> {
    const swept = await this.#real(manager).sweep();
    assert.ok(swept <= this.#oracle.sweep(), "more was swept than had expired");
  }

  /** Time passes, where the store goes by the clock of this process. */
  pass(ms: number): void {
    if (!this.#kind.sharesClock) return;
    this.#clock.advance(ms);
    this.#oracle.now = this.#clock.now;
  }

  /** The process ends and starts again, with another limit; with `seals` it seals from now on. */
  async reopen(seals: boolean, absoluteTimeout: number): Promise<void> {
    await this.close();
    const late = await outcome(() => this.#real(0).load(this.#idAt(0)));
    assert.equal(late, "fails with STORE_CLOSED", "a closed store");
    const { encrypt, ...rules } = this.#oracle.rules;
    this.#oracle.rules = { ...rules, absoluteTimeout, encrypt: encrypt || (seals && "migrate") };
    if (!this.#kind.keeps) this.#oracle.forgetAll();
    this.#pairs = [];
    await this.#open();
  }

  async close(): Promise<void> {
    for (const manager of this.#managers) await manager.close();
  }

  /** Compares all that was ever stored. Takes the messages, and so ends the run. */
  async compareAll(): Promise<void> {
    for (const id of this.#ids) {
      await this.#compareStored(id);
      const real = await this.#real(0).load(id);
      const expected = this.#oracle.load(id);
      for (const kind of KINDS) {
        const taken = await outcome(() => real?.takeFlash(kind));
        assert.equal(taken, await outcome(() => expected?.takeFlash(kind)), `messages: ${kind}`);
      }
    }
  }

  async #open(): Promise<void> {
    const { touchAfter, codec, ...rules } = this.#oracle.rules;
    const options = {
      ...{ ...rules, sweepInterval: 0 },
      ...(touchAfter !== undefined && { touchAfter }),
      ...(codec !== JSON && { codec }),
    };
    const stores = await openStores(this.#kind, this.#place, 2);
    this.#managers = stores.map((store) => new SessionManager({ ...options, store }));
    const real = this.#real(0).create();
    this.#learn(real.id);
    const expected = this.#oracle.create();
    this.#hold(real, expected);
    await fill(real);
    await fill(expected);
    await this.#compareStored(real.id);
    this.#hold(await this.#real(1).load(real.id), this.#oracle.load(real.id));
  }

  #real(index: number): Sessions<Session> {
    return realSessions(at(this.#managers, index));
  }

  /** The ids from the newest one back. */
  #idAt(index: number): string {
    return this.#ids.at(-1 - (index % this.#ids.length)) ?? "";
  }

  /** What is stored under `id`, as a new object shows it. */
  async #compareStored(id: string): Promise<void> {
    const real = await this.#real(1).load(id);
    const expected = this.#oracle.load(id);
    assert.equal(real && contentsOf(real), expected && contentsOf(expected), "what is stored");
  }

  #hold(real: Session | undefined, expected: OracleSession | undefined): void {
    if (!real || !expected) throw new Error("There is no object to hold.");
    this.#pairs = [...this.#pairs, { real, expected }].slice(-MOST_OBJECTS);
  }

  /** The oracle draws the id next that was really drawn. */
  #learn(id: string): void {
    this.#oracle.drawn = id;
    if (!this.#ids.includes(id)) this.#ids.push(id);
  }
}

function at<Item>(items: readonly Item[], index: number): Item {
  const item = items[index % items.length];
  if (item === undefined) throw new Error("There is nothing to choose from.");
  return item;
}
