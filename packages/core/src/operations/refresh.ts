import { sessionDestroyed } from "../contract/errors.ts";
import type { Reconciled, SessionState } from "../state/session-state.ts";

/**
 * Loads the newest stored state and puts what is not saved over it; "gone" if there is none.
 *
 * @throws SESSION_DESTROYED if that state is another session's.
 */
export async function reconcileWithStore(state: SessionState): Promise<Reconciled | "gone"> {
  const newest = await state.env.store.load(state.identity);
  return newest === undefined ? "gone" : state.reconcile(newest);
}

/**
 * Puts what is not saved over the newest stored state.
 *
 * @throws SESSION_DESTROYED if there is none any more.
 */
export async function refresh(state: SessionState): Promise<Reconciled> {
  const found = await reconcileWithStore(state);
  if (found === "gone") throw sessionDestroyed();
  return found;
}

/**
 * Whether the session is in the store. If its first save is of unknown outcome, the store is asked, and
 * the state follows what it has.
 *
 * @throws SESSION_DESTROYED if this object has ended it.
 */
export async function isStored(state: SessionState): Promise<boolean> {
  state.assertOpen();
  if (state.isNew && state.hasUnconfirmedSaves) await reconcileWithStore(state);
  return !state.isNew;
}
