import type { SessionEvent } from "../contract/events.ts";
import type { SessionState } from "../state/session-state.ts";
import { resend } from "./attempt.ts";
import { settleMove } from "./move.ts";
import type { RetryPolicy } from "./retry-policy.ts";

/**
 * Whether an earlier call on this object has rejected without its outcome being known. The next call that
 * saves settles that first, so there is never more than one in doubt.
 */
export function isInDoubt({ attempt, move }: SessionState): boolean {
  return attempt !== undefined || move !== undefined;
}

/**
 * Settles what an earlier call has left in doubt.
 *
 * @throws SESSION_DESTROYED if the session has ended; the store's error, and then it stays in doubt.
 */
export async function settleEarlierCalls(
  state: SessionState,
  retries: RetryPolicy,
  event: SessionEvent,
): Promise<void> {
  if (state.move !== undefined) await settleMove(state, retries);
  if (state.attempt !== undefined) await resend(state, state.attempt, retries, event);
}
