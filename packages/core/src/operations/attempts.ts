import type { SessionEvent } from "../diagnostics.ts";
import { SessionError } from "../errors.ts";

/** Ms from its first refusal after which a call that keeps being refused gives up. */
export const PATIENCE = 10_000;
const LONGEST_PAUSE = 50;

/** What is told of the attempts to save. */
type Told = Pick<SessionEvent, "attempts" | "outcome">;

/** Counts the attempts of one call and paces them: bounded by time, with jittered back-off. */
export class Attempts {
  #count = 1;
  #deadline: number | undefined;
  readonly #told: Told;

  constructor(told: Told = {}) {
    this.#told = told;
  }

  /** Resolves when the next attempt is due. Rejects with SESSION_CONFLICT when time is up. */
  async again(): Promise<void> {
    // Not the wall clock, which may be set while a call waits.
    const now = performance.now();
    this.#deadline ??= now + PATIENCE;
    if (now > this.#deadline) throw conflict();
    this.#count += 1;
    if (this.#count === 2) return;
    const pause = Math.random() * Math.min(2 ** this.#count, LONGEST_PAUSE);
    await new Promise((resolve) => setTimeout(resolve, pause));
  }

  /** The store is about to be asked. */
  begin(): void {
    this.#told.attempts = this.#count;
  }

  /** What came of it. */
  end(isSaved: boolean): void {
    const outcome = this.#count > 1 ? "rebased" : "saved";
    this.#told.outcome = isSaved ? outcome : "refused";
  }
}

export function conflict(): SessionError {
  return new SessionError(
    "SESSION_CONFLICT",
    "The session was not saved: others kept saving it. Try again later.",
  );
}
