import type { SessionState } from "../state/session-state.ts";
import { end } from "./end.ts";

/** Ends the session, wherever it has moved. */
export async function destroy(state: SessionState): Promise<void> {
  if (state.isDestroyed) return;
  const { env, identity, nextIdentity } = state;
  if (!state.isNew || state.hasUnconfirmedSaves) await end(env, identity.handle);
  // A regenerate of unknown outcome may have stored it there.
  if (nextIdentity !== undefined) await end(env, nextIdentity.handle);
  state.markDestroyed();
}
