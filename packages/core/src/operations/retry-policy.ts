import { sessionConflict } from "../contract/errors.ts";

/** Milliseconds, from the first refusal, after which a call that keeps being refused gives up. */
export const TIME_LIMIT = 10_000;

/** Milliseconds. */
const LONGEST_PAUSE = 50;

/** The attempts of one call: bounded by time, with jittered exponential back-off between them. */
export class RetryPolicy {
  #attempts = 1;
  /** On the clock of `performance.now()`: the wall clock may be set while a call waits. */
  #deadline: number | undefined;

  /** How many attempts there have been, the one under way included. */
  get attempts(): number {
    return this.#attempts;
  }

  /**
   * Waits until the next attempt is due. The second one is due at once.
   *
   * @throws SESSION_CONFLICT when the time is up.
   */
  async nextAttempt(): Promise<void> {
    const now = performance.now();
    this.#deadline ??= now + TIME_LIMIT;
    if (now > this.#deadline) throw sessionConflict();
    this.#attempts += 1;
    if (this.#attempts === 2) return;
    const pause = Math.random() * Math.min(2 ** this.#attempts, LONGEST_PAUSE);
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}
