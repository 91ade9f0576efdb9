/** Has expired records removed, now and then or when asked. One sweep at a time. */
export class Sweeper {
  readonly #task: () => Promise<number>;
  #interval: number;
  #running: Promise<number> | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** `interval` in ms; 0: only when asked. */
  constructor(task: () => Promise<number>, interval: number) {
    this.#task = task;
    this.#interval = interval;
    this.#schedule();
  }

  /** Records removed. Joins a sweep that is under way. */
  sweep(): Promise<number> {
    this.#running ??= this.#task().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  stop(): void {
    this.#interval = 0;
    clearTimeout(this.#timer);
  }

  /** From the end of one sweep to the next: a slow store is never swept twice at once. */
  #schedule(): void {
    if (this.#interval === 0) return;
    this.#timer = setTimeout(() => {
      // A failure is seen on the diagnostics channel, and the next sweep is on its way.
      const swept = this.sweep().catch(() => 0);
      void swept.then(() => this.#schedule());
    }, this.#interval);
    this.#timer.unref();
  }
}
