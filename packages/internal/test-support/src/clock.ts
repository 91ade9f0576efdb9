/**
 * Takes the place of `Date.now()` and stands still until it is advanced; timers run as ever. Dispose it
 * to get the real clock back.
 */
export class StoppedClock {
  readonly #real = Date.now;
  #now: number;

  /** @param now - Where it starts, in ms since the epoch. */
  constructor(now = Date.now()) {
    this.#now = now;
    // Not a spy of jest's: that keeps every call, millions of them in a long run.
    Date.now = () => this.#now;
  }

  /** ms since the epoch. */
  get now(): number {
    return this.#now;
  }

  /** Sets it to `now`, in ms since the epoch. */
  set(now: number): void {
    this.#now = now;
  }

  advance(ms: number): void {
    this.#now += ms;
  }

  [Symbol.dispose](): void {
    Date.now = this.#real;
  }
}
