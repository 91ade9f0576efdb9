import { sessionDestroyed } from "../contract/errors.ts";
import type { Reconciled, SessionState } from "../state/session-state.ts";

/**
 * Puts what is not saved over the newest stored state, or says that there is none.
 *
 * @throws SESSION_DESTROYED if that state is another session's.
 */
export async function lookUp(state: SessionState): Promise<Reconciled | "gone"> {
  const newest = await state.env.store.load(state.identity);
  return newest === undefined ? "gone" : state.reconcile(newest);
}

/**
 * Puts what is not saved over the newest stored state.
 *
 * @throws SESSION_DESTROYED if there is none any more.
 */
export async function refresh(state: SessionState): Promise<Reconciled> {
  const found = await lookUp(state);
  if (found === "gone") throw sessionDestroyed();
  return found;
}

/**
 * Whether the session is in the store. A first save of unknown outcome leaves that open; the store tells.
 *
 * @throws SESSION_DESTROYED if this object has ended it.
 */
export async function isStored(state: SessionState): Promise<boolean> {
  state.assertOpen();
  if (state.isNew && state.hasUnconfirmedSaves) await lookUp(state);
  return !state.isNew;
}
