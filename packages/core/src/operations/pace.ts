import type { SessionEvent } from "../contract/diagnostics.ts";
import { SessionError } from "../contract/errors.ts";

/** Ms from its first refusal after which a call that keeps being refused gives up. */
export const PATIENCE = 10_000;
const LONGEST_PAUSE = 50;

/** What is told of the attempts to save. */
type Told = Pick<SessionEvent, "attempts" | "outcome">;

/** Of the attempts of one call: bounded by time, with jittered back-off. */
export interface Pace {
  /** Resolves when the next attempt is due. Rejects with SESSION_CONFLICT when time is up. */
  again(): Promise<void>;
  /** The store is about to be asked. */
  begin(): void;
  /** What came of it. */
  end(isSaved: boolean): void;
}

export function newPace(told: Told = {}): Pace {
  let count = 1;
  let deadline: number | undefined;
  return {
    async again() {
      // Not the wall clock, which may be set while a call waits.
      const now = performance.now();
      deadline ??= now + PATIENCE;
      if (now > deadline) throw conflict();
      count += 1;
      if (count === 2) return;
      const pause = Math.random() * Math.min(2 ** count, LONGEST_PAUSE);
      await new Promise((resolve) => setTimeout(resolve, pause));
    },
    begin() {
      told.attempts = count;
    },
    end(isSaved) {
      if (!isSaved) told.outcome = "refused";
      else told.outcome = count > 1 ? "rebased" : "saved";
    },
  };
}

export function conflict(): SessionError {
  return new SessionError("SESSION_CONFLICT", "Others kept saving the session. Try again later.");
}
