import type { SessionEvent } from "../contract/events.ts";
import { type Edits, isEmpty } from "../format/edits.ts";
import { NO_FIELDS } from "../format/fields-format.ts";
import { timesOf } from "../format/snapshot.ts";
import type { SessionState } from "../state/session-state.ts";
import type { UnsavedEdits } from "../state/unsaved-edits.ts";
import { send } from "./attempt.ts";
import { extendIfDue } from "./extend.ts";
import { nextRecord } from "./next-record.ts";
import { RetryPolicy } from "./retry-policy.ts";
import { isInDoubt, settleEarlierCalls } from "./settle.ts";

/** Saves what has changed. A session that has not is extended, if that is due. */
export async function save(state: SessionState, event: SessionEvent): Promise<void> {
  state.assertOpen();
  state.assertNoStaleChange();
  const retries = new RetryPolicy();
  if (isInDoubt(state)) await settleEarlierCalls(state, retries, event);
  const edits = state.unsavedEdits();
  if (state.isNew && holdsNothing(state, [edits])) return;
  if (isEmpty(edits)) return extendIfDue(state, event);
  await commit(state, event, retries, edits, () => state.unsavedEdits());
}

/**
 * Writes `edits` over the newest stored state. If another save comes between, `replan` is asked again,
 * until there is nothing left to write.
 */
export async function commit(
  state: SessionState,
  event: SessionEvent,
  retries: RetryPolicy,
  edits: UnsavedEdits,
  replan: () => UnsavedEdits,
): Promise<void> {
  let next = edits;
  while (!isEmpty(next)) {
    const attempt = {
      saved: nextRecord(state, [next]),
      edits: next,
      base: state.snapshot.record,
      isInDoubt: false,
    };
    if ((await send(state, attempt, retries, event)) === "saved") return;
    await retries.nextAttempt();
    next = replan();
  }
}

/** A new session that holds nothing is not stored: visitors without one leave no trace. */
export function holdsNothing({ env }: SessionState, edits: readonly Edits[]): boolean {
  let fields = NO_FIELDS;
  let owner: string | undefined;
  for (const each of edits) {
    fields = env.fields.apply(fields, each);
    if (each.owner !== undefined) owner = each.owner.name;
  }
  return owner === undefined && fields === NO_FIELDS;
}

/** Whether `save` would ask the store for something, as far as that is known without asking it. */
export function needsSave(state: SessionState): boolean {
  if (state.isDestroyed) return false;
  if (isInDoubt(state)) return true;
  if (state.hasUnsavedChanges) return !state.isNew || !holdsNothingYet(state);
  return !state.isNew && state.env.lifetimes.isExtensionDue(timesOf(state.snapshot));
}

function holdsNothingYet(state: SessionState): boolean {
  try {
    return holdsNothing(state, [state.unsavedEdits()]);
  } catch {
    // A value that has been changed to something unserializable.
    return false;
  }
}
