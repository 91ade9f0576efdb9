import { sessionDestroyed, writeSuppressed } from "../contract/errors.ts";
import type { SessionEvent } from "../contract/events.ts";
import type { SessionRecord } from "../contract/store.ts";
import { isSameRecord, type Snapshot } from "../format/snapshot.ts";
import type { Attempt } from "../state/attempt.ts";
import type { SessionState } from "../state/session-state.ts";
import type { RetryPolicy } from "./retry-policy.ts";

// An object has at most one attempt to save in doubt. It is settled
// - when the store takes it, be it sent again: the revision sees to it that it is taken once;
// - when the newest record is its very text: it had happened;
// - when the newest record is neither that nor the one that it was made for: it never can happen.

/** What came of an attempt: it is saved, or another save came first and is what the state builds on now. */
export type Outcome = "saved" | "overtaken";

/** A second refusal over the same record is no race. */
const MOST_BASELESS_REFUSALS = 2;

/**
 * Sends an attempt, again as often as it is refused although nothing has come between.
 *
 * @throws SESSION_DESTROYED if the session has ended; STORE_UNAVAILABLE if the store suppresses writes;
 * the store's error, and then the attempt stays in doubt.
 */
export async function send(
  state: SessionState,
  attempt: Attempt,
  retries: RetryPolicy,
  event: SessionEvent,
): Promise<Outcome> {
  state.begin(attempt);
  const { handle } = state.identity;
  for (let refusals = 1; ; refusals += 1) {
    event.attempts = retries.attempts;
    if (await state.env.store.save(handle, attempt.saved.record)) {
      state.confirm(attempt.saved, attempt);
      event.outcome = retries.attempts === 1 ? "saved" : "rebased";
      return "saved";
    }
    event.outcome = "refused";
    const found = await settle(state, attempt);
    if (found === "saved") event.outcome = "rebased";
    if (found !== "possible") return found;
    if (refusals === MOST_BASELESS_REFUSALS) {
      // One that was sent before without an answer may still arrive.
      if (!attempt.isSentAgain) state.giveUpAttempt();
      throw writeSuppressed();
    }
    await retries.nextAttempt();
  }
}

/**
 * Sends an attempt of an earlier call again whose outcome is unknown. Its bytes are the same, and only
 * its expiry is fresh; what has changed since is a save of its own.
 */
export async function resend(
  state: SessionState,
  retries: RetryPolicy,
  event: SessionEvent,
): Promise<void> {
  const { attempt } = state;
  if (attempt === undefined) return;
  const { record, ownLifetime } = attempt.saved;
  const expiresAt = state.env.lifetimes.expiryOf(record.createdAt, ownLifetime);
  const saved = { ...attempt.saved, record: { ...record, expiresAt } };
  const again: Attempt = { ...attempt, saved, isSentAgain: true };
  if ((await send(state, again, retries, event)) === "saved") acknowledge(state, attempt);
}

/**
 * Puts what is not saved over the newest stored state, and settles an attempt whose outcome shows in it.
 *
 * @throws SESSION_DESTROYED if there is no session any more, or another one under its id.
 */
export async function refresh(state: SessionState): Promise<void> {
  const { attempt } = state;
  if (attempt !== undefined) {
    if ((await settle(state, attempt)) === "saved") acknowledge(state, attempt);
  } else if (!state.isNew) {
    rebase(state, await state.env.store.fetch(state.identity.handle));
  }
}

/** An attempt of an earlier call, which has rejected, is saved all the same. */
function acknowledge(state: SessionState, { edits }: Attempt): void {
  state.putBack(edits.takenMessages);
  state.followSnapshot();
}

/** Finds out what came of an attempt that was refused, or whose answer was lost. */
async function settle(state: SessionState, attempt: Attempt): Promise<Outcome | "possible"> {
  const newest = await state.env.store.fetch(state.identity.handle);
  if (isBase(newest, attempt.base)) return "possible";
  if (newest !== undefined && isSameRecord(newest, attempt.saved.record)) {
    state.confirm({ ...attempt.saved, record: newest }, attempt);
    return "saved";
  }
  state.giveUpAttempt();
  rebase(state, newest);
  return "overtaken";
}

function isBase(newest: SessionRecord | undefined, base: SessionRecord): boolean {
  if (newest === undefined) return base.revision === 0;
  return isSameRecord(newest, base);
}

/**
 * Puts what is not saved over the newest record.
 *
 * @throws SESSION_DESTROYED if that is no session's, or another one's.
 */
export function rebase(state: SessionState, newest: SessionRecord | undefined): void {
  const snapshot: Snapshot | undefined = newest && state.env.store.read(newest, state.identity);
  if (snapshot === undefined) throw sessionDestroyed();
  state.rebase(snapshot);
}
