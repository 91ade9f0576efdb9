import { Draft } from "./draft.ts";
import type { Engine } from "./engine.ts";
import type { Heads } from "./heads.ts";
import { Landed } from "./landed.ts";

interface Waiting {
  /** The sessions that it is about. */
  readonly handles: readonly string[];
  decide(draft: Draft): void;
  /** Tells the caller what was decided, once that has landed. */
  tell(): void;
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
  readonly #heads: Heads;
  readonly #syncSaves: boolean;
  readonly #queue: Waiting[] = [];
  #busy = false;
  #whenIdle: (() => void)[] = [];

  constructor(engine: Engine, heads: Heads, syncSaves: boolean) {
    this.#engine = engine;
    this.#heads = heads;
    this.#syncSaves = syncSaves;
  }

  /** Resolves to what `operation` returned once the batch that it is a part of has landed. */
  run<Outcome>(handles: readonly string[], operation: (draft: Draft) => Outcome): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      this.#queue.push(new Asked(handles, operation, resolve, reject));
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
    const decided: Waiting[] = [];
    try {
      await this.#engine.writable();
      const draft = await this.#decideNext(taken, decided);
      if (draft.changes.length > 0) {
        await this.#engine.write(draft);
        draft.landed();
      }
      for (const asked of decided) asked.tell();
    } catch (error) {
      const failed = taken.length > 0 ? taken : this.#queue.splice(0);
      for (const { reject } of failed) reject(error);
    }
  }

  async #decideNext(taken: Waiting[], decided: Waiting[]): Promise<Draft> {
    const landed = new Landed(this.#engine, this.#heads);
    const draft = new Draft(landed, this.#syncSaves);
    while (this.#queue.length > 0 && taken.length < MOST_OPERATIONS && draft.size < MOST_TEXT) {
      const next = this.#queue.splice(0, STEP);
      taken.push(...next);
      await landed.fetch(next.map(({ handles }) => handles));
      for (const asked of next) {
        try {
          asked.decide(draft);
          decided.push(asked);
        } catch (error) {
          // A damaged record is the fault of none of the others.
          asked.reject(error);
        }
      }
    }
    return draft;
  }
}

class Asked<Outcome> implements Waiting {
  readonly handles: readonly string[];
  readonly reject: (error: unknown) => void;
  readonly #operation: (draft: Draft) => Outcome;
  readonly #resolve: (outcome: Outcome) => void;
  #outcome!: Outcome;

  constructor(
    handles: readonly string[],
    operation: (draft: Draft) => Outcome,
    resolve: (outcome: Outcome) => void,
    reject: (error: unknown) => void,
  ) {
    this.handles = handles;
    this.reject = reject;
    this.#operation = operation;
    this.#resolve = resolve;
  }

  decide(draft: Draft): void {
    this.#outcome = this.#operation(draft);
  }

  tell(): void {
    this.#resolve(this.#outcome);
  }
}
