import type { SessionState } from "../state/session-state.ts";
import { end } from "./end.ts";

/** Ends the session, wherever it is, has moved or may be moving to. */
export async function destroy(state: SessionState): Promise<void> {
  if (state.isDestroyed) return;
  const { env, identity, attempt, move } = state;
  const { handle } = identity;
  if (!state.isNew) await end(env, handle);
  else if (attempt !== undefined) {
    env.firstSaves.note(handle, attempt.saved.record);
    await end(env, handle, { isInDoubt: true });
  }
  if (move !== undefined) await end(env, move.identity.handle);
  state.markDestroyed();
}
