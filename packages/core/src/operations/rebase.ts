import { sessionDestroyed } from "../contract/errors.ts";
import type { SessionRecord } from "../contract/store.ts";
import { forwardingIn } from "../format/stand-ins.ts";
import type { SessionState } from "../state/session-state.ts";

/**
 * Puts what is not saved over the newest record. If that forwards to where a regenerate of this object,
 * which has rejected, was moving the session, the move has happened, and this object goes along.
 *
 * @throws SESSION_DESTROYED if there is no session any more, or another one under its id.
 */
export async function rebase(
  state: SessionState,
  newest: SessionRecord | undefined,
): Promise<void> {
  const snapshot = newest && state.env.store.read(newest, state.identity);
  if (snapshot !== undefined) state.rebase(snapshot);
  else if (!(await followOwnMove(state, newest))) throw sessionDestroyed();
}

/** Whether the session lives under the id that this object was moving it to. */
async function followOwnMove(
  state: SessionState,
  old: SessionRecord | undefined,
): Promise<boolean> {
  const { env, move } = state;
  if (move?.moved === undefined || forwardingIn(old)?.to !== move.identity.handle) return false;
  const newest = await env.store.load(move.identity);
  if (newest === undefined) return false;
  state.completeMove(move.identity, move.moved);
  state.rebase(newest);
  return true;
}
