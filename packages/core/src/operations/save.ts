import type { Outcome, SessionEvent } from "../diagnostics.ts";
import { gone } from "../errors.ts";
import { type Edits, isEmpty, NO_EDITS } from "../state/edits.ts";
import type { SessionState } from "../state/session-state.ts";
import { Attempts } from "./attempts.ts";

/** Saves what changed; extends a session that did not change, when that is due. */
export async function save(state: SessionState, event: SessionEvent) {
  const edits = state.draft.edits();
  if (!state.isUncertain) {
    if (state.isNew && holdsNothing(edits)) return;
    if (isEmpty(edits)) return extend(state, event);
  }
  await commit(state, event, () => state.draft.edits(), edits);
}

/**
 * Writes what `plan` asks for over the newest stored state. A refused save means that another came
 * between: the newest state is loaded and `plan` asked again, until it has nothing left to write.
 */
export async function commit(
  state: SessionState,
  event: SessionEvent,
  plan: () => Edits,
  first = plan(),
): Promise<void> {
  const attempts = new Attempts();
  for (let edits = first; !isEmpty(edits) || state.isUncertain; edits = plan()) {
    if (await write(state, edits, event, attempts.count)) return;
    await attempts.again();
    if (await refresh(state)) event.outcome = savedAt(attempts.count);
  }
}

/** One attempt to save `edits`: whether it was written. */
export async function write(
  state: SessionState,
  edits: Edits,
  event: SessionEvent,
  attempt: number,
): Promise<boolean> {
  const next = state.attempt(edits);
  event.attempts = attempt;
  const isWritten = await state.env.records.save(state.identity.handle, next.record);
  event.outcome = isWritten ? savedAt(attempt) : "refused";
  if (isWritten) state.accept(next, edits);
  return isWritten;
}

/** The outcome of a save that was written at the given attempt. */
export function savedAt(attempt: number): Outcome {
  return attempt > 1 ? "rebased" : "saved";
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
async function extend(state: SessionState, event: SessionEvent): Promise<void> {
  event.outcome = "unchanged";
  if (dueExpiry(state) === undefined) return;
  // Else a touch could prolong the marker of a session that has got a new id elsewhere.
  if (state.env.records.canTouch) await refresh(state);
  await extendFresh(state, event);
}

/** The same for a state that was loaded just now. */
export async function extendFresh(state: SessionState, event: SessionEvent): Promise<void> {
  event.outcome = "unchanged";
  const expiresAt = dueExpiry(state);
  if (expiresAt === undefined) return;
  event.outcome = "touched";
  const { records } = state.env;
  const { handle } = state.identity;
  if (records.canTouch) {
    if (!(await records.touch(handle, expiresAt))) throw gone();
    return state.extended(expiresAt);
  }
  // Refused, another has saved it, which extended it too, or it is gone: the next save tells.
  const next = state.compose(NO_EDITS);
  if (await records.save(handle, next.record)) state.accept(next, NO_EDITS);
}

/** The expiry that an extension now would set; undefined where none is due. */
function dueExpiry({ env, snapshot: { record, marker } }: SessionState): number | undefined {
  const policy = env.settings.lifetime;
  const expiresAt = policy.expiryOf(record.createdAt, marker.lifetime);
  return policy.isDue(record, marker.lifetime, expiresAt) ? expiresAt : undefined;
}

/** A new session that holds nothing is not stored: visitors without one leave no trace. */
function holdsNothing({ values, messages, owner }: Edits): boolean {
  const held = [...values.values()].some(({ text }) => text !== undefined);
  return !held && messages.length === 0 && owner?.value === undefined;
}
