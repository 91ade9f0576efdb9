/** How far the clocks of servers that hold one store's sessions may differ, in ms. */
export const CLOCK_TOLERANCE = 600_000;

/** How long what a server has told of its time is relied on, in ms. */
const MAX_AGE = 60_000;

/**
 * The time of the server as it was last told, moved on by a clock that nobody sets. So a first save, which
 * has long to live by the server's clock, need not have its expiry compared there.
 */
export class ServerClock {
  #toldTime = 0;
  #toldAt = Number.NEGATIVE_INFINITY;

  /** Notes that the server's clock shows `time`, in ms since the epoch. */
  tell(time: number): void {
    this.#toldTime = time;
    this.#toldAt = performance.now();
  }

  /** Whether `time` is sure to lie ahead by the clock of every server; false if that is not known. */
  isAhead(time: number): boolean {
    const age = performance.now() - this.#toldAt;
    return age < MAX_AGE && time > this.#toldTime + age + CLOCK_TOLERANCE;
  }
}
