/** Runs sweeps: in the background, a pause after each, and when asked. One at a time. */
export class Sweeper {
  readonly #sweepOnce: () => Promise<number>;
  readonly #interval: number;
  #running: Promise<number> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;

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
      // The diagnostics channel tells of a failure, and the next sweep tries again.
      const swept = this.sweep().catch(() => 0);
      void swept.then(() => this.#schedule());
    }, this.#interval);
    this.#timer.unref();
  }
}
