/**
 * Runs sweeps: in the background, a pause after each, and when asked. One at a time. If sweeps in the
 * background fail, it warns once until one succeeds again.
 */
export class Sweeper {
  readonly #sweepOnce: () => Promise<number>;
  readonly #interval: number;
  #running: Promise<number> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;
  #hasWarned = false;

  /** `interval` is in ms, from the end of one sweep to the next; 0 for none in the background. */
  constructor(sweepOnce: () => Promise<number>, interval: number) {
    this.#sweepOnce = sweepOnce;
    this.#interval = interval;
    this.#schedule();
  }

  /** Resolves to how many records were removed. Joins a sweep that is under way. */
  sweep(): Promise<number> {
    this.#running ??= this.#sweepOnce().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  /** Ends the sweeps in the background. */
  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  #schedule(): void {
    if (this.#isStopped || this.#interval === 0) return;
    this.#timer = setTimeout(() => {
      void this.#sweepInBackground().then(() => this.#schedule());
    }, this.#interval);
    this.#timer.unref();
  }

  async #sweepInBackground(): Promise<void> {
    try {
      await this.sweep();
      this.#hasWarned = false;
    } catch (error) {
      if (!this.#hasWarned && !this.#isStopped) warn(error);
      this.#hasWarned = true;
    }
  }
}

function warn(error: unknown): void {
  const why = error instanceof Error ? error.message : "unknown error";
  process.emitWarning(
    `Expired sessions are not removed, a sweep in the background has failed: ${why} Sweeps go on; the next warning comes after one has succeeded.`,
    { type: "SessWarning", code: "SESS_SWEEP_FAILED" },
  );
}
