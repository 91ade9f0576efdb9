import type { SessionState } from "../state/session-state.ts";
import { end } from "./end.ts";

/** Ends the session of `state`, wherever it has moved. */
export async function destroy(state: SessionState): Promise<void> {
  if (state.phase === "destroyed") return;
  const { env, identity, successor } = state;
  if (!state.isNew || state.doubts) await end(env, identity.handle);
  // Of a regenerate whose outcome is unknown.
  if (successor) await end(env, successor.handle);
  // This object shows nothing from now on.
  state.clear();
  state.owner = undefined;
  state.phase = "destroyed";
}
