import type { SessionEvent } from "../diagnostics.ts";
import { NO_EDITS } from "../state/edits.ts";
import type { SessionState } from "../state/session-state.ts";
import { commit, isStored } from "./save.ts";

/**
 * Removes the messages of a kind in the store and returns them, with those that this object has not
 * saved. Only the save that removes them decides who shows them: of parallel readers one gets each.
 * Inside `update()`, where there is no event, the removal is part of the transaction.
 */
export async function takeFlash(
  state: SessionState,
  kind: string,
  event?: SessionEvent,
): Promise<unknown[]> {
  const { draft } = state;
  let stored: unknown[] = [];
  const plan = () => {
    const taken = draft.stored(kind);
    // Before they are removed: what cannot be decoded stays where it is.
    stored = draft.decode(taken);
    return { ...NO_EDITS, taken };
  };
  if (state.phase === "updating") draft.taken = [...draft.taken, ...plan().taken];
  else if (await isStored(state)) await commit(state, event, plan);
  const queued = draft.messages.filter((message) => message.kind === kind);
  draft.messages = draft.messages.filter((message) => message.kind !== kind);
  return [...stored, ...draft.decode(queued)];
}
