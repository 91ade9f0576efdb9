import { SessionError } from "../errors.ts";

/** Ms after which a call that keeps being refused gives up. */
export const PATIENCE = 10_000;
const LONGEST_PAUSE = 50;

/** Counts the attempts of one call and paces them: bounded by time, with jittered back-off. */
export class Attempts {
  count = 1;
  // Not the wall clock, which may be set while a call waits.
  readonly #started = performance.now();

  /** Resolves when the next attempt is due. Rejects with SESSION_CONFLICT when time is up. */
  async again(): Promise<void> {
    if (performance.now() - this.#started > PATIENCE) throw conflict();
    this.count += 1;
    if (this.count === 2) return;
    const pause = Math.random() * Math.min(2 ** this.count, LONGEST_PAUSE);
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

export function conflict(): SessionError {
  return new SessionError(
    "SESSION_CONFLICT",
    "Others kept changing the session: nothing was saved. Try again later.",
  );
}
