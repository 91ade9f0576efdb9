/** Stands in for `Date.now()` and stands still until it is told; timers run as ever. */
export class StoppedClock {
  readonly #real = Date.now;
  #now: number;

  constructor(now = Math.floor(Date.now())) {
    this.#now = now;
    // No spy: one that keeps each call would grow by millions in a long run.
    Date.now = () => this.#now;
  }

  get now(): number {
    return this.#now;
  }

  advance(ms: number): void {
    this.#now += ms;
  }

  /** Gives the real clock back. */
  [Symbol.dispose](): void {
    Date.now = this.#real;
  }
}
