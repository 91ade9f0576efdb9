import { writeSuppressed } from "../contract/errors.ts";
import type { SessionEvent } from "../contract/events.ts";
import { isSameRecord, timesOf } from "../format/snapshot.ts";
import type { SessionState } from "../state/session-state.ts";
import { refresh } from "./attempt.ts";
import { nextRecord } from "./next-record.ts";
import { RetryPolicy } from "./retry-policy.ts";

/** Moves the expiry of a session that has not changed, once enough of its idle timeout has passed. */
export async function extendIfDue(state: SessionState, event: SessionEvent): Promise<void> {
  event.outcome = "unchanged";
  let expiresAt = dueExtension(state);
  if (expiresAt === undefined) return;
  const retries = new RetryPolicy();
  while (!(await extend(state, expiresAt))) {
    const { record } = state.snapshot;
    await refresh(state);
    // Refused twice although nothing has come between.
    if (isSameRecord(record, state.snapshot.record) && retries.attempts > 1)
      throw writeSuppressed();
    await retries.nextAttempt();
    // Another save has extended the session too, unless it was long ago.
    expiresAt = dueExtension(state);
    if (expiresAt === undefined) return;
  }
  event.outcome = "touched";
}

function dueExtension({ env, snapshot }: SessionState): number | undefined {
  return env.lifetimes.dueExtension(timesOf(snapshot));
}

/** Whether the session is taken care of; if not, it was saved or ended meanwhile. */
async function extend(state: SessionState, expiresAt: number): Promise<boolean> {
  const { env, identity, snapshot } = state;
  if (!env.store.canTouch) {
    await extendBySaving(state);
    return true;
  }
  // Only the revision that this object knows: otherwise a touch could prolong the forwarding record of a
  // session that has got a new id elsewhere, and pass for an extension.
  const isTouched = await env.store.touch(identity.handle, expiresAt, snapshot.record.revision);
  if (isTouched) state.extend(expiresAt);
  return isTouched;
}

/** A refusal needs no second attempt: another save has extended the session, or the next one rejects. */
async function extendBySaving(state: SessionState): Promise<void> {
  const next = nextRecord(state, []);
  if (await state.env.store.save(state.identity.handle, next.record)) state.rebase(next);
}
