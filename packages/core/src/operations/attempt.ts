import { isTooLarge, writeSuppressed } from "../contract/errors.ts";
import type { SessionEvent } from "../contract/events.ts";
import type { SessionRecord } from "../contract/store.ts";
import type { Message } from "../format/edits.ts";
import { isSameRecord } from "../format/snapshot.ts";
import type { Attempt } from "../state/attempt.ts";
import type { SessionState } from "../state/session-state.ts";
import { kindsOf, type UnsavedEdits } from "../state/unsaved-edits.ts";
import { rebase } from "./rebase.ts";
import type { RetryPolicy } from "./retry-policy.ts";

// An object has at most one attempt to save in doubt. It is settled
// - when the store takes it, be it sent again: the revision sees to it that it is taken once;
// - when the newest record is its very text: it had happened;
// - when the newest record is neither that nor the one that it was made for: it never can happen any
//   more, or it had and others have saved over it, which nobody can tell apart.

/** What came of an attempt: it is saved, or another save came first and is what the state builds on now. */
export type Outcome = "saved" | "overtaken";

/** A second refusal over the same record is no race. */
const MOST_BASELESS_REFUSALS = 2;

/**
 * Sends an attempt, again if it is refused although nothing has come between.
 *
 * @throws SESSION_DESTROYED if the session has ended; STORE_UNAVAILABLE if the store suppresses writes;
 * DATA_TOO_LARGE; the store's error, and then the attempt stays in doubt.
 */
export async function send(
  state: SessionState,
  attempt: Attempt,
  retries: RetryPolicy,
  event: SessionEvent,
): Promise<Outcome> {
  state.begin(attempt);
  for (let refusals = 1; ; refusals += 1) {
    event.attempts = retries.attempts;
    if (await isTaken(state, attempt)) {
      state.confirm(attempt.saved, attempt);
      event.outcome = retries.attempts === 1 ? "saved" : "rebased";
      return "saved";
    }
    event.outcome = "refused";
    const found = await settle(state, attempt);
    if (found === "saved") event.outcome = "rebased";
    if (found !== "possible") return found;
    if (refusals === MOST_BASELESS_REFUSALS) {
      // One that is in doubt may still arrive.
      if (!attempt.isInDoubt) state.giveUpAttempt();
      throw writeSuppressed();
    }
    await retries.nextAttempt();
  }
}

/**
 * Sends an attempt of an earlier call again whose outcome is unknown. Its bytes are the same, and only
 * its expiry is fresh; what has changed since is a save of its own.
 *
 * @throws as `send` does.
 */
export async function resend(
  state: SessionState,
  attempt: Attempt,
  retries: RetryPolicy,
  event: SessionEvent,
): Promise<void> {
  const { record, ownLifetime } = attempt.saved;
  const expiresAt = state.env.lifetimes.expiryOf(record.createdAt, ownLifetime);
  const saved = { ...attempt.saved, record: { ...record, expiresAt } };
  const again: Attempt = { ...attempt, saved, isInDoubt: true };
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
    const found = await settle(state, { ...attempt, isInDoubt: true });
    if (found === "saved") acknowledge(state, attempt);
  } else if (!state.isNew) {
    await rebase(state, await state.env.store.fetch(state.identity.handle));
  }
}

/** Whether the store has written it. */
async function isTaken(state: SessionState, attempt: Attempt): Promise<boolean> {
  try {
    return await state.env.store.save(state.identity.handle, attempt.saved.record);
  } catch (error) {
    // Nothing was written, and what is saved next is smaller, it is to be hoped.
    if (isTooLarge(error)) state.giveUpAttempt();
    throw error;
  }
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
  await rebase(state, newest);
  if (attempt.isInDoubt && mayHaveHappened(newest, attempt)) {
    state.putBack(lostMessages(state, attempt.edits));
  }
  return "overtaken";
}

function isBase(newest: SessionRecord | undefined, base: SessionRecord): boolean {
  if (newest === undefined) return base.revision === 0;
  return isSameRecord(newest, base);
}

/** Others have saved over the attempt, or in its place: then its revision is theirs. */
function mayHaveHappened(newest: SessionRecord | undefined, { saved }: Attempt): boolean {
  return newest !== undefined && newest.revision > saved.record.revision;
}

/** An attempt of an earlier call, which has rejected, is saved all the same. */
function acknowledge(state: SessionState, { edits }: Attempt): void {
  state.putBack(edits.takenMessages);
  state.followSnapshot();
}

/**
 * The messages that an attempt in doubt took, as far as they are not stored any more. Either it has
 * removed them, or someone has shown them: better shown twice than never.
 */
function lostMessages(
  state: SessionState,
  { takenMessages, addedMessages }: UnsavedEdits,
): Message[] {
  const left = kindsOf(takenMessages).flatMap((kind) => state.storedMessages(kind));
  const found = [...left, ...addedMessages];
  return takenMessages.filter((taken) => {
    const index = found.findIndex(({ kind, text }) => kind === taken.kind && text === taken.text);
    if (index >= 0) found.splice(index, 1);
    return index < 0;
  });
}
