import { type Diagnostics, traced } from "./diagnostics.ts";
import type { Records } from "./records.ts";

/** Has the store remove expired records, now and then or when asked. One sweep at a time. */
export class Sweeper {
  readonly #records: Records;
  readonly #diagnostics: Diagnostics;
  readonly #interval: number;
  #running: Promise<number> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(records: Records, diagnostics: Diagnostics, interval: number) {
    this.#records = records;
    this.#diagnostics = diagnostics;
    this.#interval = interval;
    this.#schedule();
  }

  /** Records removed. Joins a sweep that is under way. */
  sweep(): Promise<number> {
    this.#running ??= this.#sweep().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #sweep(): Promise<number> {
    return traced(this.#diagnostics.sweep, {}, async (event) => {
      event.removed = await this.#records.sweep();
      return event.removed;
    });
  }

  /** From the end of one sweep to the next: a slow store is never swept twice at once. */
  #schedule(): void {
    if (this.#stopped || this.#interval === 0 || !this.#records.canSweep) return;
    this.#timer = setTimeout(() => {
      // A failure is seen on the diagnostics channel, and the next sweep is on its way.
      const swept = this.sweep().catch(() => 0);
      void swept.then(() => this.#schedule());
    }, this.#interval);
    this.#timer.unref();
  }
}
