import { sessionConflict } from "../contract/errors.ts";
import { TIME_LIMIT } from "../policy/time-limit.ts";

/** Milliseconds. */
const LONGEST_PAUSE = 50;

/** The attempts of one call: bounded by time, with jittered exponential back-off between them. */
export class RetryPolicy {
  readonly #timeUp: () => Error;
  #attempts = 1;
  /** On the clock of `performance.now()`: the wall clock may be set while a call waits. */
  #deadline: number | undefined;

  /** `timeUp` makes the error for when the time is up. */
  constructor(timeUp: () => Error = sessionConflict) {
    this.#timeUp = timeUp;
  }

  /** How many attempts there have been, the one under way included. */
  get attempts(): number {
    return this.#attempts;
  }

  /**
   * Waits until the next attempt is due. The second one is due at once.
   *
   * @throws SESSION_CONFLICT, or the error of `timeUp`, when the time is up.
   */
  async nextAttempt(): Promise<void> {
    this.assertTimeLeft();
    this.#attempts += 1;
    if (this.#attempts === 2) return;
    const pause = Math.random() * Math.min(2 ** this.#attempts, LONGEST_PAUSE);
    await new Promise((resolve) => setTimeout(resolve, pause));
  }

  /**
   * The time begins when this is asked first, or at the first refusal.
   *
   * @throws SESSION_CONFLICT, or the error of `timeUp`, when the time is up.
   */
  assertTimeLeft(): void {
    const now = performance.now();
    this.#deadline ??= now + TIME_LIMIT;
    if (now > this.#deadline) throw this.#timeUp();
  }
}
