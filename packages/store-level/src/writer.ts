import { Draft } from "./draft.ts";
import type { Engine } from "./engine.ts";
import { Landed } from "./landed.ts";

interface Waiting {
  /** The sessions that it is about. */
  readonly handles: readonly string[];
  /** Carries the operation out on the draft; returns what tells the caller, once that has landed. */
  readonly decide: (draft: Draft) => () => void;
  readonly reject: (error: unknown) => void;
}

// One batch decides at most this much, so that its checks do not hold up the event loop.
const MOST_OPERATIONS = 256;
const MOST_TEXT = 4 * 1024 * 1024;

// Taken here, so that a test which fakes timers later does not stop all writing.
const { nextTick } = process;

/** Operations whose records are fetched together. */
const STEP = 32;

/**
 * The one that writes. Operations queue up while a batch is being written and go out together in the
 * next one, checked in the order in which they were asked for: N at once cost one write and one
 * fsync, and no two are ever under way side by side.
 */
export class Writer {
  readonly #engine: Engine;
  readonly #syncSaves: boolean;
  readonly #queue: Waiting[] = [];
  #busy = false;
  #whenIdle: (() => void)[] = [];

  constructor(engine: Engine, syncSaves: boolean) {
    this.#engine = engine;
    this.#syncSaves = syncSaves;
  }

  /** Resolves to what `operation` returned once the batch that it is a part of has landed. */
  run<Outcome>(handles: readonly string[], operation: (draft: Draft) => Outcome): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      const decide = (draft: Draft) => {
        const outcome = operation(draft);
        return () => resolve(outcome);
      };
      this.#queue.push({ handles, decide, reject });
      if (this.#busy) return;
      this.#busy = true;
      // After the microtasks, so that all who write within this turn are in the first batch.
      nextTick(() => this.#drain());
    });
  }

  /** Resolves when nothing is queued any more. */
  idle(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#busy) this.#whenIdle.push(resolve);
      else resolve();
    });
  }

  async #drain(): Promise<void> {
    while (this.#queue.length > 0) await this.#writeNext();
    this.#busy = false;
    for (const tell of this.#whenIdle.splice(0)) tell();
  }

  async #writeNext(): Promise<void> {
    const taken: Waiting[] = [];
    const tellings: (() => void)[] = [];
    try {
      await this.#engine.writable();
      const draft = await this.#decideNext(taken, tellings);
      if (draft.changes.length > 0) await this.#engine.write(draft);
      for (const tell of tellings) tell();
    } catch (error) {
      const failed = taken.length > 0 ? taken : this.#queue.splice(0);
      for (const { reject } of failed) reject(error);
    }
  }

  async #decideNext(taken: Waiting[], tellings: (() => void)[]): Promise<Draft> {
    const landed = new Landed(this.#engine);
    const draft = new Draft(landed, this.#syncSaves);
    while (this.#queue.length > 0 && taken.length < MOST_OPERATIONS && draft.size < MOST_TEXT) {
      const next = this.#queue.splice(0, STEP);
      taken.push(...next);
      await landed.fetch(next.map(({ handles }) => handles));
      for (const { decide, reject } of next) {
        try {
          tellings.push(decide(draft));
        } catch (error) {
          // A damaged record is the fault of none of the others.
          reject(error);
        }
      }
    }
    return draft;
  }
}
