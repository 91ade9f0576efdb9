/** A clock that the suite may set, where the store tells its time by one. */
export interface Clock {
  /** From now on it is `now`, in milliseconds since the epoch. */
  set(now: number): void | Promise<void>;
  /** `ms` milliseconds pass. */
  advance(ms: number): void | Promise<void>;
}

// Any instant would do. Fixed, so that a failing run reads the same each time.
const START = Date.UTC(2030, 0, 1);

/** The time as the store under test tells it: set by the suite where it can be, waited for elsewhere. */
export class Time {
  readonly #clock: Clock | undefined;
  readonly #resolution: number;
  #now = START;

  constructor(clock: Clock | undefined, resolution: number) {
    this.#clock = clock;
    this.#resolution = resolution;
  }

  /** Whether an instant can be met to the millisecond. */
  get exact(): boolean {
    return this.#clock !== undefined;
  }

  /** A life that is over soon, but not before the call that begins it has been made. */
  get brief(): number {
    return this.exact ? 1_000 : 3 * this.#resolution;
  }

  /** Every case begins at the same instant, whatever the one before it did. */
  async start(): Promise<void> {
    this.#now = START;
    await this.#clock?.set(START);
  }

  now(): number {
    return this.exact ? this.#now : Date.now();
  }

  /** Resolves when the store's clock shows `instant`; in real time, when it must have shown it. */
  async reach(instant: number): Promise<void> {
    if (this.#clock === undefined) return sleepUntil(instant + this.#resolution);
    const ms = instant - this.#now;
    this.#now = instant;
    await this.#clock.advance(ms);
  }
}

async function sleepUntil(instant: number): Promise<void> {
  for (let left = instant - Date.now(); left > 0; left = instant - Date.now()) {
    await new Promise((resolve) => setTimeout(resolve, left));
  }
}
