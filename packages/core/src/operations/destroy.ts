import type { SessionState } from "../state/session-state.ts";
import { end } from "./end.ts";

/** Ends the session of `state`, wherever it has moved; whether there was a live one. */
export async function destroy(state: SessionState): Promise<boolean> {
  const { identity, successor, isNew, isUncertain } = state;
  const { records } = state.env;
  let ended = false;
  if (!isNew || isUncertain) ended = await end(records, identity.handle);
  // Of a regenerate whose outcome is unknown.
  if (successor !== undefined && (await end(records, successor.handle))) ended = true;
  state.destroyed();
  return ended;
}
