import assert from "node:assert/strict";
import type { Codec, Session } from "@sess/core";
import type { StoppedClock } from "../clock.ts";
import type { StoreKind } from "../stores.ts";
import { Managers } from "./managers.ts";
import { contentsOf, outcome, outsideOf } from "./outcome.ts";
import type { SessionModel } from "./session-model.ts";
import { SessionsModel } from "./sessions-model.ts";
import type { Edit, Sessions, Subject } from "./subject.ts";
import { type Rules, World } from "./world.ts";

/** How the managers of one run are set up. */
export interface Variant {
  readonly codec: Codec | undefined;
  readonly encrypt: boolean;
  readonly touchAfter: number | undefined;
}

/** One session object and its model. */
interface Pair {
  readonly real: Session;
  readonly model: SessionModel;
}

/** What a call to a manager is given: the same on both sides, so far as it can be. */
export interface Side<S extends Subject = Subject> {
  readonly sessions: Sessions<S>;
  /** One of the objects at hand. */
  readonly object: S;
}

export const MINUTE = 60_000;

/** So many objects are at hand; the oldest one is dropped for the next. */
const MOST_OBJECTS = 6;

/** One run: real sessions and their model, side by side. */
export class Run {
  readonly world: World;
  /** Every id that there was. */
  readonly ids: string[] = [];
  readonly #kind: StoreKind;
  readonly #clock: StoppedClock;
  readonly #managers: Managers;
  readonly #model: SessionsModel;
  #pairs: Pair[] = [];

  private constructor(kind: StoreKind, managers: Managers, clock: StoppedClock, variant: Variant) {
    const { codec = JSON, encrypt, touchAfter } = variant;
    const times = { idleTimeout: 20 * MINUTE, absoluteTimeout: 60 * MINUTE, touchAfter };
    const rules: Rules = { ...times, codec, encrypt, sweeps: kind.sweeps };
    this.#kind = kind;
    this.#managers = managers;
    this.#clock = clock;
    this.world = new World(rules, clock.now);
    this.#model = new SessionsModel(this.world);
  }

  /** Begins with a session that is stored and two objects of it. */
  static async begin(kind: StoreKind, clock: StoppedClock, variant: Variant): Promise<Run> {
    const run = new Run(kind, await Managers.on(kind), clock, variant);
    await run.#managers.open(run.world.rules);
    await run.#populate();
    return run;
  }

  /** Does the same to one object and its model, and compares. What it may save is looked up, too. */
  async onObject(index: number, edit: Edit, saves: boolean): Promise<void> {
    const pair = at(this.#pairs, index);
    const real = await outcome(() => edit(pair.real));
    this.#learn(pair.real.id);
    const expected = await outcome(() => edit(pair.model));
    assert.equal(real, expected, "the answer");
    assert.equal(outsideOf(pair.real), outsideOf(pair.model), "the object");
    if (saves) await this.#compareStored(pair.real.id);
  }

  /** Asks a manager and the model for the same, and compares. */
  async onSessions(
    manager: number,
    index: number,
    call: <S extends Subject>(side: Side<S>) => unknown,
  ): Promise<void> {
    const pair = at(this.#pairs, index);
    const real = await outcome(() =>
      call({ sessions: this.#managers.at(manager), object: pair.real }),
    );
    const expected = await outcome(() => call({ sessions: this.#model, object: pair.model }));
    assert.equal(real, expected, "the answer");
  }

  /** Has a session object made on both sides, where there is one to be had. */
  async take(
    manager: number,
    make: <S extends Subject>(sessions: Sessions<S>) => S | undefined | Promise<S | undefined>,
  ): Promise<void> {
    const real = await make(this.#managers.at(manager));
    if (real) this.#learn(real.id);
    const model = await make(this.#model);
    assert.equal(real !== undefined, model !== undefined, "whether there is a session");
    if (!real || !model) return;
    assert.equal(outsideOf(real), outsideOf(model), "the new object");
    this.#pairs = [...this.#pairs, { real, model }].slice(-MOST_OBJECTS);
  }

  /** Has an `update()` run on both sides; its session object is at hand afterwards. */
  async update(manager: number, id: string, edits: readonly Edit[]): Promise<void> {
    const made: Partial<Pair> & { real?: Session; model?: SessionModel } = {};
    const real = await outcome(async () => {
      const updated = await this.#managers.at(manager).update(id, edits);
      if (updated) made.real = updated.session;
      return updated?.answers;
    });
    const expected = await outcome(() => {
      const updated = this.#model.update(id, edits);
      if (updated) made.model = updated.session;
      return updated?.answers;
    });
    assert.equal(real, expected, "the answer of update()");
    await this.#compareStored(id);
    const { real: session, model } = made;
    if (!session || !model) return;
    assert.equal(outsideOf(session), outsideOf(model), "the object of update()");
    this.#pairs = [...this.#pairs, { real: session, model }].slice(-MOST_OBJECTS);
  }

  /** Time passes, where the store lives by the clock that can be moved. */
  pass(ms: number): void {
    if (!this.#kind.sharesClock) return;
    this.#clock.advance(ms);
    this.world.now = this.#clock.now;
  }

  /** The process ends and starts again, and seals from now on where `migrate` says so. */
  async reopen(migrate: boolean): Promise<void> {
    await this.close();
    const late = await outcome(() => this.#managers.at(0).load(this.ids.at(-1) ?? ""));
    assert.equal(late, "fails with STORE_CLOSED", "a closed store");
    if (migrate && !this.world.rules.encrypt) {
      this.world.rules = { ...this.world.rules, encrypt: "migrate" };
    }
    if (!this.#kind.keeps) this.world.records.clear();
    this.#pairs = [];
    await this.#managers.open(this.world.rules);
    await this.#populate();
  }

  close(): Promise<void> {
    return this.#managers.close();
  }

  /** Compares all that was ever stored, messages too, which ends the run. */
  async compareAll(kinds: readonly string[]): Promise<void> {
    for (const id of this.ids) {
      await this.#compareStored(id);
      const real = await this.#managers.at(0).load(id);
      const model = this.#model.load(id);
      for (const kind of kinds) {
        const taken = await outcome(() => real?.takeFlash(kind));
        assert.equal(taken, await outcome(() => model?.takeFlash(kind)), `messages: ${kind}`);
      }
    }
  }

  /** Shows that what is stored under `id` is what the model holds, to objects that are new. */
  async #compareStored(id: string): Promise<void> {
    const real = await this.#managers.at(1).load(id);
    const model = this.#model.load(id);
    assert.equal(real && contentsOf(real), model && contentsOf(model), "what is stored");
  }

  async #populate(): Promise<void> {
    await this.take(0, (sessions) => sessions.create());
    const sign = (subject: Subject) => {
      subject.set("list", [0]);
      subject.set("cart", { tag: "x", list: [0] });
      subject.flash("info", "hello");
      subject.owner = "ada";
      return subject.save();
    };
    await this.onObject(0, sign, true);
    await this.take(1, (sessions) => sessions.load(this.ids.at(-1) ?? ""));
  }

  /** The next id of the model is the real one's. */
  #learn(id: string): void {
    this.world.drawn = id;
    if (!this.ids.includes(id)) this.ids.push(id);
  }
}

function at<Item>(items: readonly Item[], index: number): Item {
  const item = items[index % items.length];
  if (item === undefined) throw new Error("There is nothing to choose from.");
  return item;
}
