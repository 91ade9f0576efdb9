import type { SessionEvent } from "../contract/events.ts";
import { isEmpty } from "../format/edits.ts";
import { NO_FIELDS } from "../format/fields-format.ts";
import type { SessionState } from "../state/session-state.ts";
import type { UnsavedEdits } from "../state/unsaved-edits.ts";
import { extendIfDue } from "./extend.ts";
import { nextRecord } from "./next-record.ts";
import { refresh } from "./refresh.ts";
import { RetryPolicy } from "./retry-policy.ts";

/** Saves what has changed. A session that has not is extended, if that is due. */
export async function save(state: SessionState, event: SessionEvent): Promise<void> {
  state.assertOpen();
  const edits = state.unsavedEdits();
  if (!state.hasUnconfirmedSaves) {
    if (state.isNew && holdsNothing(state, edits)) return;
    if (isEmpty(edits)) return extendIfDue(state, event);
  }
  await commit(state, event, edits, () => state.unsavedEdits());
}

/**
 * Writes `edits` over the stored state as last seen. If the store refuses, another save came between: the
 * newest state is loaded and `replan` asked again, until there is nothing left to write.
 */
export async function commit(
  state: SessionState,
  event: SessionEvent,
  edits: UnsavedEdits,
  replan: () => UnsavedEdits,
): Promise<void> {
  const retries = new RetryPolicy();
  let next = edits;
  while (!isEmpty(next) || state.hasUnconfirmedSaves) {
    if (await write(state, next, retries, event)) return;
    await retries.nextAttempt();
    if ((await refresh(state)) === "confirmed") tellSaved(event, retries);
    next = replan();
  }
}

/** One attempt to save `edits`; whether it was written. */
export async function write(
  state: SessionState,
  edits: UnsavedEdits,
  retries: RetryPolicy,
  event: SessionEvent,
): Promise<boolean> {
  const next = nextRecord(state, edits);
  event.attempts = retries.attempts;
  let isWritten = false;
  try {
    isWritten = await state.env.store.save(state.identity.handle, next.record);
  } finally {
    // A refusal too: the client may have sent the save twice, and the first may have been carried out.
    if (!isWritten) state.addUnconfirmed(next, edits);
  }
  if (!isWritten) {
    event.outcome = "refused";
    return false;
  }
  state.confirm(next, edits);
  tellSaved(event, retries);
  return true;
}

/** Notes in the event that the session is saved, at once or over another save. */
export function tellSaved(event: SessionEvent, { attempts }: RetryPolicy): void {
  event.outcome = attempts === 1 ? "saved" : "rebased";
}

/** A new session that holds nothing is not stored: visitors without one leave no trace. */
function holdsNothing({ env }: SessionState, edits: UnsavedEdits): boolean {
  return edits.owner?.name === undefined && env.fields.apply(NO_FIELDS, edits) === NO_FIELDS;
}
