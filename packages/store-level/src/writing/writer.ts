import timers from "node:timers";
import type { Engine } from "../engine/engine.ts";
import { CommittedRecords } from "./committed-records.ts";
import { Draft } from "./draft.ts";
import type { RecentRecords } from "./recent-records.ts";

/** An operation that waits for its batch. */
interface Waiting {
  /** The sessions that it is about. */
  readonly handles: readonly string[];
  /** Decides it, and returns what tells the caller once that has been committed. */
  readonly decide: (draft: Draft) => () => void;
  readonly reject: (error: unknown) => void;
}

// What one batch decides at most, so that its checks do not hold up the event loop.
const MAX_OPERATIONS = 256;
const MAX_CHARACTERS = 4 * 1024 * 1024;

/** Operations whose records are fetched together. */
const FETCH_SIZE = 32;

// Node's own, taken at import: a test that fakes timers does not stop writing, not even if jest fakes
// them before it loads anything, as process.nextTick is then.
const { setImmediate } = timers;

/**
 * Writes for all. Operations queue up while a batch is being written and go out together in the next one,
 * checked in the order in which they came: many at once cost one write and one fsync, and no two batches
 * are ever under way side by side.
 */
export class Writer {
  readonly #engine: Engine;
  readonly #recent: RecentRecords;
  readonly #syncSaves: boolean;
  readonly #queue: Waiting[] = [];
  #isBusy = false;

  /** With `syncSaves`, saves are on disk before they are acknowledged. */
  constructor(engine: Engine, recent: RecentRecords, syncSaves: boolean) {
    this.#engine = engine;
    this.#recent = recent;
    this.#syncSaves = syncSaves;
  }

  /**
   * Resolves to what `operation` returned once the batch that it is part of has been committed.
   *
   * @throws STORE_CLOSED if the store is closed; otherwise whatever fails.
   */
  run<Outcome>(handles: readonly string[], operation: (draft: Draft) => Outcome): Promise<Outcome> {
    return this.#engine.lifeCycle.run(() => this.enqueue(handles, operation));
  }

  /** The same within a call that has begun, which is carried out even if the store is closed meanwhile. */
  enqueue<Outcome>(
    handles: readonly string[],
    operation: (draft: Draft) => Outcome,
  ): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      const decide = (draft: Draft) => {
        const outcome = operation(draft);
        return () => resolve(outcome);
      };
      this.#queue.push({ handles, decide, reject });
      if (this.#isBusy) return;
      this.#isBusy = true;
      // After the microtasks, so that all who write within this tick are in the first batch.
      setImmediate(() => this.#drain());
    });
  }

  async #drain(): Promise<void> {
    while (this.#queue.length > 0) await this.#writeNext();
    this.#isBusy = false;
  }

  async #writeNext(): Promise<void> {
    const taken: Waiting[] = [];
    const acknowledgements: (() => void)[] = [];
    try {
      await this.#engine.writable();
      const draft = await this.#draftNext(taken, acknowledgements);
      if (draft.changes.length > 0) {
        await this.#engine.write(draft);
        draft.committed();
      }
      for (const acknowledge of acknowledgements) acknowledge();
    } catch (error) {
      const failed = taken.length > 0 ? taken : this.#queue.splice(0);
      for (const { reject } of failed) reject(error);
    }
  }

  /** Moves operations from the queue to `taken` and decides them. */
  async #draftNext(taken: Waiting[], acknowledgements: (() => void)[]): Promise<Draft> {
    const committed = new CommittedRecords(this.#engine, this.#recent);
    const draft = new Draft(committed, this.#syncSaves);
    const isFull = () => taken.length >= MAX_OPERATIONS || draft.size >= MAX_CHARACTERS;
    while (this.#queue.length > 0 && !isFull()) {
      const next = this.#queue.splice(0, FETCH_SIZE);
      taken.push(...next);
      await committed.fetch(next.map(({ handles }) => handles));
      for (const { decide, reject } of next) {
        try {
          acknowledgements.push(decide(draft));
        } catch (error) {
          // A damaged record must not fail the others of the batch.
          reject(error);
        }
      }
    }
    return draft;
  }
}
