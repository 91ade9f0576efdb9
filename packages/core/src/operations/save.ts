import type { SessionEvent } from "../diagnostics.ts";
import { gone } from "../errors.ts";
import { type Edits, isEmpty, NO_EDITS } from "../state/edits.ts";
import type { SessionState } from "../state/session-state.ts";
import { Attempts } from "./attempts.ts";

/** Saves what changed; extends a session that did not change, when that is due. */
export async function save(state: SessionState, event: SessionEvent) {
  const edits = state.draft.edits();
  if (!state.isUncertain) {
    if (state.isNew && holdsNothing(edits)) return;
    if (isEmpty(edits)) {
      if (dueExpiry(state)) await extend(state, event);
      return;
    }
  }
  await commit(state, event, () => state.draft.edits(), edits);
}

/**
 * Writes what `plan` asks for over the newest stored state. A refused save means that another came
 * between: the newest state is loaded and `plan` asked again, until it has nothing left to write.
 */
export async function commit(
  state: SessionState,
  event: SessionEvent | undefined,
  plan: () => Edits,
  first = plan(),
): Promise<void> {
  const attempts = new Attempts(event);
  for (let edits = first; !isEmpty(edits) || state.isUncertain; edits = plan()) {
    if (await write(state, edits, attempts)) return;
    await attempts.again();
    if (await refresh(state)) attempts.end(true);
  }
}

/** One attempt to save `edits`: whether it was written. */
export async function write(
  state: SessionState,
  edits: Edits,
  attempts: Attempts,
): Promise<boolean> {
  const next = state.compose(edits);
  attempts.begin();
  let isWritten = false;
  try {
    isWritten = await state.env.records.save(state.identity.handle, next.record);
  } finally {
    if (!isWritten) state.doubt(next, edits);
  }
  attempts.end(isWritten);
  if (isWritten) state.accept(next, edits);
  return isWritten;
}

/** Puts what is not saved over the newest stored state. Rejects where there is none any more. */
export async function refresh(state: SessionState): Promise<boolean> {
  const landed = await look(state);
  if (landed === undefined) throw gone();
  return landed;
}

/**
 * Puts what is not saved over the newest stored state. True where that is an attempt of this object's,
 * undefined where there is none.
 */
export async function look(state: SessionState): Promise<boolean | undefined> {
  const newest = await state.env.records.load(state.identity);
  return newest && state.adopt(newest);
}

/** Whether the session is in the store, which a first save of unknown outcome leaves open. */
export async function isStored(state: SessionState): Promise<boolean> {
  if (state.isNew && state.isUncertain) await look(state);
  return !state.isNew;
}

/** Moves the expiry of a session that did not change, if enough of its idle time has passed. */
export async function extend(state: SessionState, event: SessionEvent): Promise<void> {
  event.outcome = "unchanged";
  const attempts = new Attempts();
  for (;;) {
    const next = dueExpiry(state);
    if (!next) return;
    if (await prolong(state, next)) break;
    // Saved by another, which extended it too, or gone: the newest state tells.
    await attempts.again();
    await refresh(state);
  }
  event.outcome = "touched";
}

function dueExpiry({ env, snapshot }: SessionState): number | undefined {
  return env.settings.lifetime.dueExpiry(snapshot);
}

/**
 * Asks for the revision that this object knows: else a touch could prolong the marker of a session
 * that has got a new id elsewhere, and pass for an extension.
 */
async function prolong(state: SessionState, expiresAt: number): Promise<boolean> {
  const { records } = state.env;
  const { handle } = state.identity;
  const isMoved = await records.touch(handle, expiresAt, state.snapshot.record.revision);
  if (isMoved) {
    const { record } = state.snapshot;
    state.snapshot = { ...state.snapshot, record: { ...record, expiresAt } };
  }
  if (isMoved !== undefined) return isMoved;
  // Refused, another has saved it, which extended it too, or it is gone: the next save tells.
  const next = state.compose(NO_EDITS);
  if (await records.save(handle, next.record)) state.accept(next, NO_EDITS);
  return true;
}

/** A new session that holds nothing is not stored: visitors without one leave no trace. */
function holdsNothing({ values, messages, owner }: Edits): boolean {
  const held = values.some(({ text }) => text !== undefined);
  return !held && messages.length === 0 && owner?.value === undefined;
}
