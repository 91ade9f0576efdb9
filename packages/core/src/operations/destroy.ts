import type { SessionState } from "../state/session-state.ts";
import { follow, traced } from "./end.ts";

/** Ends the session of `state`, wherever it has moved. */
export async function destroy(state: SessionState): Promise<void> {
  if (state.phase === "destroyed") return;
  const { env, identity, successor, isNew, isUncertain } = state;
  await traced(env, identity.handle, async () => {
    let ended = false;
    if (!isNew || isUncertain) ended = await follow(env.records, identity.handle);
    // Of a regenerate whose outcome is unknown.
    if (successor && (await follow(env.records, successor.handle))) ended = true;
    state.destroyed();
    return ended;
  });
}
