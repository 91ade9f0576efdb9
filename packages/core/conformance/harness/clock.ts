/** The clock of the store under test, if the suite may set it. */
export interface Clock {
  /** Sets the time to `now`, in milliseconds since the epoch. */
  set(now: number): void | Promise<void>;
  /** Moves the time ahead by `ms` milliseconds. */
  advance(ms: number): void | Promise<void>;
}

// Any instant would do. A fixed one makes failures reproducible.
const START = Date.UTC(2030, 0, 1);

const SHORT_LIFE_MS = 1_000;

/** In real time, long enough for the calls that follow the save to begin before the record expires. */
const SHORT_LIFE_IN_RESOLUTIONS = 3;

/** Another process whose clock is set with the store's. */
interface Follower {
  /** `now` is in milliseconds since the epoch. */
  setTime(now: number): Promise<void>;
}

/** The time as the store sees it. With a `Clock` the suite sets it, without one it waits. */
export class StoreTime {
  readonly #clock: Clock | undefined;
  readonly #resolution: number;
  readonly #followers = new Set<Follower>();
  #now = START;

  /** @param resolution how late the store may notice an expiry, in ms; used without a clock */
  constructor(clock: Clock | undefined, resolution: number) {
    this.#clock = clock;
    this.#resolution = resolution;
  }

  /** Whether an instant can be reached to the millisecond. */
  get exact(): boolean {
    return this.#clock !== undefined;
  }

  /** For records that a case waits to see expire, in ms. */
  get shortLife(): number {
    return this.exact ? SHORT_LIFE_MS : SHORT_LIFE_IN_RESOLUTIONS * this.#resolution;
  }

  /** Sets the clock back to where every case starts. */
  async start(): Promise<void> {
    this.#now = START;
    this.#followers.clear();
    await this.#clock?.set(START);
  }

  /** Keeps the clock of another process at this time, until the next case. */
  async follow(follower: Follower): Promise<void> {
    if (!this.exact) return;
    await follower.setTime(this.#now);
    this.#followers.add(follower);
  }

  unfollow(follower: Follower): void {
    this.#followers.delete(follower);
  }

  /** In milliseconds since the epoch. */
  now(): number {
    return this.exact ? this.#now : Date.now();
  }

  /** Resolves when the store's clock has certainly reached `instant`. */
  async reach(instant: number): Promise<void> {
    if (this.#clock === undefined) return sleepUntil(instant + this.#resolution);
    const ms = instant - this.#now;
    this.#now = instant;
    await this.#clock.advance(ms);
    await Promise.all([...this.#followers].map((follower) => follower.setTime(instant)));
  }
}

async function sleepUntil(instant: number): Promise<void> {
  // A timer may fire a little early.
  for (let left = instant - Date.now(); left > 0; left = instant - Date.now()) {
    await new Promise((resolve) => setTimeout(resolve, left));
  }
}
