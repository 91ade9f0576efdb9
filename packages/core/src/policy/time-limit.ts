/**
 * Milliseconds that a call may take: from its first refusal until it gives up, and for a call that waits
 * for its turn.
 */
export const TIME_LIMIT = 10_000;
