import assert from "node:assert/strict";
import type { SessionRecord } from "../contract/store.ts";
import { assertAnswer, assertKeys, assertSame, collect } from "./assertions.ts";
import { clause, has, type StoreWith } from "./clause.ts";
import type { Lab } from "./lab.ts";

const STEPS = 200;

/** Calls in an order that nobody thought of, against the contract written as a Map. */
export const model = clause(
  "model",
  [],
  Object.fromEntries(
    [1, 2, 3].map((seed) => [
      `${STEPS} calls drawn with seed ${seed} answer as the contract says`,
      async (store: StoreWith<never>, lab: Lab) => {
        const run = new Run(store, lab, draws(seed));
        for (let step = 1; step <= STEPS; step += 1) await run.step(step);
      },
    ]),
  ),
);

class Run {
  readonly #store: StoreWith<never>;
  readonly #lab: Lab;
  readonly #draw: (below: number) => number;
  readonly #keys: readonly [string, ...string[]];
  readonly #records = new Map<string, SessionRecord>();

  constructor(store: StoreWith<never>, lab: Lab, draw: (below: number) => number) {
    this.#store = store;
    this.#lab = lab;
    this.#draw = draw;
    this.#keys = [lab.key(), lab.key(), lab.key(), lab.key()];
  }

  async step(step: number): Promise<void> {
    const key = this.#pick(...this.#keys);
    await this.#pick(
      () => this.#save(key),
      () => this.#save(key),
      () => this.#save(key),
      () => this.#delete(key),
      () => this.#touch(key),
      () => this.#list(),
      () => this.#sweep(),
      () => this.#pass(),
    )();
    for (const each of this.#keys) {
      const loaded = await this.#store.load(each);
      const expected = this.#live(each);
      if (expected) assertSame(loaded, expected, `load() after step ${step}`);
      else assert.equal(loaded, undefined, `load() must resolve to undefined after step ${step}`);
    }
  }

  async #save(key: string): Promise<void> {
    const live = this.#live(key)?.revision ?? 0;
    // Mostly the next one; now and then a stale one, or one too far.
    const revision = Math.max(1, live + this.#pick(1, 1, 1, 1, 0, 2, -1));
    const owner = this.#pick({}, { owner: "ada" }, { owner: "bob" });
    const record = this.#lab.record({ revision, expiresAt: this.#instant(), ...owner });
    const expected = revision === live + 1;
    const call = `save() of revision ${revision} over ${live}`;
    assertAnswer(await this.#store.save(key, record), expected, call, "the model says so");
    if (expected) this.#records.set(key, record);
  }

  async #delete(key: string): Promise<void> {
    const live = this.#live(key)?.revision;
    const revision = this.#pick([], [live ?? 1], [(live ?? 1) + 1]);
    const expected = live !== undefined && (revision[0] ?? live) === live;
    const deleted = await this.#store.delete(key, ...revision);
    const call = `delete(${["key", ...revision].join(", ")}) of revision ${live ?? "none"}`;
    assertAnswer(deleted, expected, call, "the model says so");
    if (expected) this.#records.delete(key);
  }

  async #touch(key: string): Promise<void> {
    if (!has(this.#store, ["touch"])) return;
    const live = this.#live(key);
    const expiresAt = this.#instant();
    const touched = await this.#store.touch(key, expiresAt);
    assertAnswer(touched, live !== undefined, "touch()", "the model says so");
    if (live) this.#records.set(key, { ...live, expiresAt });
  }

  async #list(): Promise<void> {
    if (!has(this.#store, ["list"])) return;
    const [owner] = this.#pick([], ["ada"], ["bob"]);
    const listed = await collect(this.#store.list(owner));
    const keys = this.#keys.filter((key) => {
      const live = this.#live(key);
      return live && (owner === undefined || live.owner === owner);
    });
    assertKeys(listed, keys, `list(${owner ?? ""}) by the model`);
  }

  async #sweep(): Promise<void> {
    if (has(this.#store, ["sweep"])) await this.#store.sweep();
  }

  /** Only where it costs no waiting. */
  async #pass(): Promise<void> {
    if (this.#lab.time.exact) await this.#lab.time.reach(this.#lab.time.now() + 10_000);
  }

  #live(key: string): SessionRecord | undefined {
    const record = this.#records.get(key);
    return record && record.expiresAt > this.#lab.time.now() ? record : undefined;
  }

  /** Far from now, so that real time decides nothing; where time is set, close enough to come. */
  #instant(): number {
    const { time } = this.#lab;
    return time.now() + this.#pick(time.exact ? 10_000 : 3_600_000, 7_200_000, 9_000_000);
  }

  #pick<T>(first: T, ...others: readonly T[]): T {
    return others[this.#draw(others.length + 1)] ?? first;
  }
}

/** Mulberry32: the same numbers for the same seed on every machine. */
function draws(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}
