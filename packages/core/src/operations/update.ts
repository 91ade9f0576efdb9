import type { SessionEvent } from "../contract/events.ts";
import type { Environment } from "../environment/environment.ts";
import { isEmpty } from "../format/edits.ts";
import type { Identity } from "../policy/identity.ts";
import { SessionState } from "../state/session-state.ts";
import { extendIfDue } from "./extend.ts";
import { RetryPolicy } from "./retry-policy.ts";
import { tellSaved, write } from "./save.ts";

/**
 * Runs `change` on the newest state and saves it; on newer state, if the save is refused. `open` makes
 * the session object that `change` gets. Resolves to the session that was saved, or undefined if there
 * is none.
 */
export async function update<Session>(
  env: Environment,
  identity: Identity,
  open: (state: SessionState) => Session,
  change: (session: Session) => void | Promise<void>,
  event: SessionEvent,
): Promise<Session | undefined> {
  const retries = new RetryPolicy();
  let newest = await env.store.load(identity);
  while (newest !== undefined) {
    const state = new SessionState(env, identity, newest);
    const session = open(state);
    state.beginTransaction();
    await change(session);
    const edits = state.unsavedEdits();
    if (isEmpty(edits)) {
      await extendIfDue(state, event);
    } else if (!(await write(state, edits, retries, event))) {
      await retries.nextAttempt();
      newest = await env.store.load(identity);
      if (newest === undefined || state.reconcile(newest) === "rebased") continue;
      tellSaved(event, retries);
    }
    state.endTransaction();
    return session;
  }
  return undefined;
}
