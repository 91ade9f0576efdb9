import type { SessionEvent } from "../contract/events.ts";
import type { Message } from "../format/edits.ts";
import type { SessionState } from "../state/session-state.ts";
import { NO_EDITS, type UnsavedEdits } from "../state/unsaved-edits.ts";
import { RetryPolicy } from "./retry-policy.ts";
import { commit } from "./save.ts";
import { isInDoubt, settleEarlierCalls } from "./settle.ts";

/**
 * Removes the messages of a kind in the store and returns them, with those that this object has queued.
 * The save that removes them decides who shows them: of parallel readers only one gets each.
 */
export async function takeFlash(
  state: SessionState,
  kind: string,
  event: SessionEvent,
): Promise<unknown[]> {
  state.assertOpen();
  const retries = new RetryPolicy();
  if (isInDoubt(state)) await settleEarlierCalls(state, retries, event);
  let removed: unknown[] = [];
  const planRemoval = (): UnsavedEdits => {
    const stored = state.storedMessages(kind);
    // Before they are removed: what cannot be decoded stays where it is.
    removed = decoded(state, stored);
    return { ...NO_EDITS, removedKinds: stored.length > 0 ? [kind] : [], takenMessages: stored };
  };
  await commit(state, event, retries, planRemoval(), planRemoval);
  return [...removed, ...decoded(state, state.dequeueMessages(kind))];
}

/** The same inside `update()`, whose save then removes the messages. */
export async function takeFlashInTransaction(
  state: SessionState,
  kind: string,
): Promise<unknown[]> {
  const stored = state.storedMessages(kind);
  const messages = decoded(state, stored);
  state.takeStored(stored);
  return [...messages, ...decoded(state, state.dequeueMessages(kind))];
}

function decoded({ env }: SessionState, messages: readonly Message[]): unknown[] {
  return messages.map(({ text }) => env.encoding.decode(text));
}
