import type { SessionEvent } from "../contract/diagnostics.ts";
import type { Environment } from "../environment.ts";
import type { Identity } from "../identity.ts";
import { isEmpty } from "../state/edits.ts";
import { SessionState } from "../state/session-state.ts";
import { adopt } from "./attempt.ts";
import { newPace } from "./pace.ts";
import { extend, write } from "./save.ts";

/**
 * Runs `change` on the newest state and saves it; on still newer state when the save was refused.
 * Resolves to the session that was saved, or undefined where there is none.
 */
export async function update<Session>(
  env: Environment,
  identity: Identity,
  open: (state: SessionState) => Session,
  change: (session: Session) => void | Promise<void>,
  event: SessionEvent,
): Promise<Session | undefined> {
  const pace = newPace(event);
  let snapshot = await env.records.load(identity);
  while (snapshot) {
    const state = new SessionState(env, identity, snapshot);
    const session = open(state);
    state.phase = "updating";
    await change(session);
    const edits = state.edits();
    if (isEmpty(edits)) {
      await extend(state, event);
    } else if (!(await write(state, edits, pace))) {
      await pace.again();
      snapshot = await env.records.load(identity);
      if (!snapshot || !adopt(state, snapshot)) continue;
      pace.end(true);
    }
    state.phase = "open";
    return session;
  }
  return undefined;
}
