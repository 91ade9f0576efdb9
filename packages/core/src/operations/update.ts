import type { SessionEvent } from "../diagnostics.ts";
import type { Environment } from "../environment.ts";
import type { Identity } from "../identity.ts";
import { isEmpty } from "../state/edits.ts";
import { SessionState } from "../state/session-state.ts";
import { Attempts } from "./attempts.ts";
import { extend, write } from "./save.ts";

/**
 * Runs `change` on the newest state and saves it; on still newer state when the save was refused.
 * Resolves to the state that was saved, or undefined where there is no session.
 */
export async function update(
  env: Environment,
  identity: Identity,
  change: (state: SessionState) => void | Promise<void>,
  event: SessionEvent,
): Promise<SessionState | undefined> {
  const attempts = new Attempts(event);
  let snapshot = await env.records.load(identity);
  while (snapshot) {
    const state = new SessionState(env, identity, snapshot);
    state.phase = "updating";
    await change(state);
    const edits = state.draft.edits();
    if (isEmpty(edits)) {
      await extend(state, event);
    } else if (!(await write(state, edits, attempts))) {
      await attempts.again();
      snapshot = await env.records.load(identity);
      if (!snapshot || !state.adopt(snapshot)) continue;
      attempts.end(true);
    }
    state.phase = "open";
    return state;
  }
  return undefined;
}
