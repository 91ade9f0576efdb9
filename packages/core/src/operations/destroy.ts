import type { SessionState } from "../state/session-state.ts";
import { end, endDoubtful } from "./end.ts";

/** Ends the session, wherever it has moved. */
export async function destroy(state: SessionState): Promise<void> {
  if (state.isDestroyed) return;
  const { env, identity, attempt, move } = state;
  const doubtful = state.isNew ? attempt?.saved.record : state.unansweredFirstSave;
  if (doubtful !== undefined) await endDoubtful(env, identity.handle, doubtful);
  else if (!state.isNew) await end(env, identity.handle);
  if (move !== undefined) {
    const { handle } = move.identity;
    if (move.firstSave === undefined) await end(env, handle);
    else await endDoubtful(env, handle, move.firstSave);
  }
  state.markDestroyed();
}
