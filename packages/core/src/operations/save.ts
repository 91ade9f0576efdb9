import type { SessionEvent } from "../contract/diagnostics.ts";
import { sessionDestroyed } from "../contract/errors.ts";
import { edited, NO_FIELDS } from "../format/fields.ts";
import { dueExpiry } from "../lifetime.ts";
import { type Edits, isEmpty, NO_EDITS } from "../state/edits.ts";
import type { SessionState } from "../state/session-state.ts";
import { adopt, compose, doubt } from "./attempt.ts";
import { newPace, type Pace } from "./pace.ts";

/** Saves what changed; extends a session that did not change, when that is due. */
export async function save(state: SessionState, event: SessionEvent) {
  const edits = state.open.edits();
  if (!state.doubts) {
    if (state.isNew && holdsNothing(edits)) return;
    if (isEmpty(edits)) {
      if (dueExpiry(state.env, state.snapshot)) await extend(state, event);
      return;
    }
  }
  await commit(state, event, () => state.edits(), edits);
}

/**
 * Writes what `plan` asks for over the newest stored state. A refused save means that another came
 * between: the newest state is loaded and `plan` asked again, until it has nothing left to write.
 */
export async function commit(
  state: SessionState,
  event: SessionEvent,
  plan: () => Edits,
  first: Edits,
): Promise<void> {
  const pace = newPace(event);
  for (let edits = first; !isEmpty(edits) || state.doubts; edits = plan()) {
    if (await write(state, edits, pace)) return;
    await pace.again();
    if (await refresh(state)) pace.end(true);
  }
}

/** One attempt to save `edits`: whether it was written. */
export async function write(state: SessionState, edits: Edits, pace: Pace): Promise<boolean> {
  const next = compose(state, edits);
  pace.begin();
  let isWritten = false;
  try {
    isWritten = await state.env.records.save(state.identity.handle, next.record);
  } finally {
    if (!isWritten) doubt(state, next, edits);
  }
  pace.end(isWritten);
  if (isWritten) state.accept(next, edits);
  return isWritten;
}

/** Puts what is not saved over the newest stored state. Rejects where there is none any more. */
export async function refresh(state: SessionState): Promise<boolean> {
  const landed = await look(state);
  if (landed === undefined) throw sessionDestroyed();
  return landed;
}

/**
 * Puts what is not saved over the newest stored state. True where that is an attempt of this object's,
 * undefined where there is none.
 */
export async function look(state: SessionState): Promise<boolean | undefined> {
  const newest = await state.env.records.load(state.identity);
  return newest && adopt(state, newest);
}

/**
 * Whether the session is in the store, which a first save of unknown outcome leaves open. Rejects with
 * SESSION_DESTROYED where this object has ended it.
 */
export async function isStored(state: SessionState): Promise<boolean> {
  if (state.open.isNew && state.doubts) await look(state);
  return !state.isNew;
}

/** Moves the expiry of a session that did not change, if enough of its idle time has passed. */
export async function extend(state: SessionState, event: SessionEvent): Promise<void> {
  event.outcome = "unchanged";
  const pace = newPace();
  for (;;) {
    const next = dueExpiry(state.env, state.snapshot);
    if (!next) return;
    if (await prolong(state, next)) break;
    // Saved by another, which extended it too, or gone: the newest state tells.
    await pace.again();
    await refresh(state);
  }
  event.outcome = "touched";
}

/**
 * Asks for the revision that this object knows: else a touch could prolong the marker of a session
 * that has got a new id elsewhere, and pass for an extension.
 */
async function prolong(state: SessionState, expiresAt: number): Promise<boolean> {
  const { records } = state.env;
  const { handle } = state.identity;
  const { record } = state.snapshot;
  const isMoved = await records.touch(handle, expiresAt, record.revision);
  if (isMoved) state.snapshot = { ...state.snapshot, record: { ...record, expiresAt } };
  if (isMoved !== undefined) return isMoved;
  // Refused, another has saved it, which extended it too, or it is gone: the next save tells.
  const next = compose(state, NO_EDITS);
  if (await records.save(handle, next.record)) state.accept(next, NO_EDITS);
  return true;
}

/** A new session that holds nothing is not stored: visitors without one leave no trace. */
function holdsNothing(edits: Edits): boolean {
  return edited(NO_FIELDS, edits) === NO_FIELDS && edits.owner?.value === undefined;
}
