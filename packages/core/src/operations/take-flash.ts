import type { SessionEvent } from "../diagnostics.ts";
import { NO_EDITS } from "../state/edits.ts";
import type { SessionState } from "../state/session-state.ts";
import { commit, isStored } from "./save.ts";

/**
 * Removes the messages of a kind in the store and returns them, with those that this object has not
 * saved. Only the save that removes them decides who shows them: of parallel readers one gets each.
 */
export async function takeFlash(
  state: SessionState,
  kind: string,
  event: SessionEvent,
): Promise<unknown[]> {
  let stored: unknown[] = [];
  if (await isStored(state)) {
    await commit(state, event, () => {
      const taken = state.draft.stored(kind);
      // Before they are removed: what cannot be decoded stays where it is.
      stored = state.draft.decode(taken);
      return { ...NO_EDITS, taken };
    });
  }
  return [...stored, ...state.draft.takeQueued(kind)];
}

/** Inside `update()` the removal is part of the transaction. */
export function takeInUpdate({ draft }: SessionState, kind: string): unknown[] {
  const taken = draft.stored(kind);
  const stored = draft.decode(taken);
  draft.take(taken);
  return [...stored, ...draft.takeQueued(kind)];
}
