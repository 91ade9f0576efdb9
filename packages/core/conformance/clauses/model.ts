import assert from "node:assert/strict";
import type { SessionRecord } from "../../src/contract/store.ts";
import { assertHandles, assertRecord, assertResolved, collect } from "../harness/assertions.ts";
import { type StoreWith, supports } from "../harness/capability.ts";
import { clause } from "../harness/clause.ts";
import type { Fixture } from "../harness/fixture.ts";

const SEEDS = [1, 2, 3];

const STEPS = 200;

const REASON = "this is what the model says";

/** Random calls, compared with a model of the contract: a Map. */
export const model = SEEDS.flatMap((seed) =>
  clause(
    "model",
    { sentence: 6 },
    {
      [`${STEPS} random calls from seed ${seed} answer as the model does`]: async (
        store,
        fixture,
      ) => {
        const run = new ModelRun(store, fixture, randomNumbers(seed));
        for (let step = 1; step <= STEPS; step += 1) await run.step(step);
      },
    },
  ),
);

class ModelRun {
  readonly #store: StoreWith<never>;
  readonly #fixture: Fixture;
  readonly #random: (below: number) => number;
  readonly #handles: readonly [string, ...string[]];
  readonly #records = new Map<string, SessionRecord>();

  constructor(store: StoreWith<never>, fixture: Fixture, random: (below: number) => number) {
    this.#store = store;
    this.#fixture = fixture;
    this.#random = random;
    this.#handles = [fixture.handle(), fixture.handle(), fixture.handle(), fixture.handle()];
  }

  async step(step: number): Promise<void> {
    const handle = this.#pick(...this.#handles);
    await this.#pick(
      () => this.#save(handle),
      () => this.#save(handle),
      () => this.#save(handle),
      () => this.#delete(handle),
      () => this.#touch(handle),
      () => this.#list(),
      () => this.#sweep(),
      () => this.#passTime(),
    )();
    for (const each of this.#handles) {
      const loaded = await this.#store.load(each);
      const expected = this.#live(each);
      if (expected) assertRecord(loaded, expected, `load() after step ${step}`);
      else assert.equal(loaded, undefined, `load() must resolve to undefined after step ${step}`);
    }
  }

  async #save(handle: string): Promise<void> {
    const live = this.#live(handle)?.revision ?? 0;
    // Mostly the next revision, now and then one that is stale or too high.
    const revision = Math.max(1, live + this.#pick(1, 1, 1, 1, 0, 2, -1));
    const owner = this.#pick({}, { owner: "ada" }, { owner: "bob" });
    const record = this.#fixture.record({ revision, expiresAt: this.#expiresAt(), ...owner });
    const expected = revision === live + 1;
    const call = `save() of revision ${revision} over revision ${live}`;
    assertResolved(await this.#store.save(handle, record), expected, call, REASON);
    if (expected) this.#records.set(handle, record);
  }

  async #delete(handle: string): Promise<void> {
    const live = this.#live(handle)?.revision;
    const revision = this.#pick([], [live ?? 1], [(live ?? 1) + 1]);
    const expected = live !== undefined && (revision[0] ?? live) === live;
    const deleted = await this.#store.delete(handle, ...revision);
    const call = `delete(${["handle", ...revision].join(", ")}) of revision ${live ?? "none"}`;
    assertResolved(deleted, expected, call, REASON);
    if (expected) this.#records.delete(handle);
  }

  async #touch(handle: string): Promise<void> {
    if (!supports(this.#store, ["touch"])) return;
    const live = this.#live(handle);
    const expiresAt = this.#expiresAt();
    const touched = await this.#store.touch(handle, expiresAt);
    assertResolved(touched, live !== undefined, "touch()", REASON);
    if (live) this.#records.set(handle, { ...live, expiresAt });
  }

  async #list(): Promise<void> {
    if (!supports(this.#store, ["list"])) return;
    const owner = this.#pick(undefined, "ada", "bob");
    const listed = await collect(this.#store.list(owner));
    const handles = this.#handles.filter((handle) => {
      const live = this.#live(handle);
      return live && (owner === undefined || live.owner === owner);
    });
    assertHandles(listed, handles, `list(${owner ?? ""}): ${REASON}`);
  }

  async #sweep(): Promise<void> {
    if (supports(this.#store, ["sweep"])) await this.#store.sweep();
  }

  async #passTime(): Promise<void> {
    const { time } = this.#fixture;
    // In real time this would only make the suite slow.
    if (time.exact) await time.reach(time.now() + 10_000);
  }

  #live(handle: string): SessionRecord | undefined {
    const record = this.#records.get(handle);
    return record && record.expiresAt > this.#fixture.time.now() ? record : undefined;
  }

  /** With a clock, near enough to come during the run; in real time, too far away to matter. */
  #expiresAt(): number {
    const { time } = this.#fixture;
    return time.now() + this.#pick(time.exact ? 10_000 : 3_600_000, 7_200_000, 9_000_000);
  }

  #pick<T>(first: T, ...others: readonly T[]): T {
    return others[this.#random(others.length + 1)] ?? first;
  }
}

/** Mulberry32: the same numbers for the same seed on every machine. */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}
