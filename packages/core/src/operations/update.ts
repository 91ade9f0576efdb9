import type { SessionEvent } from "../diagnostics.ts";
import type { Environment } from "../environment.ts";
import type { Identity } from "../identity.ts";
import { isEmpty } from "../state/edits.ts";
import { SessionState } from "../state/session-state.ts";
import { Attempts } from "./attempts.ts";
import { extend } from "./save.ts";

/**
 * Runs `change` on the newest state and saves it; on still newer state when the save was refused.
 * Resolves to the state that was saved, or undefined where there is no session.
 */
export async function update(
  env: Environment,
  identity: Identity,
  change: (state: SessionState) => Promise<void>,
  event: SessionEvent,
): Promise<SessionState | undefined> {
  const attempts = new Attempts();
  for (;;) {
    const snapshot = await env.records.load(identity);
    if (snapshot === undefined) return undefined;
    const state = new SessionState(env, identity, snapshot);
    if (await transact(env, state, change, event, attempts)) return state;
    event.outcome = "refused";
    await attempts.again();
  }
}

async function transact(
  env: Environment,
  state: SessionState,
  change: (state: SessionState) => Promise<void>,
  event: SessionEvent,
  attempts: Attempts,
): Promise<boolean> {
  state.phase = "updating";
  await change(state);
  const edits = state.draft.edits();
  if (isEmpty(edits)) {
    await extend(env, state, event);
  } else {
    event.attempts = attempts.count;
    event.outcome = attempts.count === 1 ? "saved" : "rebased";
    const next = state.attempt(edits);
    const saved = await env.records.save(state.identity.handle, next.record);
    if (!saved && !(await isNewest(env, state, next.nonce))) return false;
    state.accept(next, edits);
  }
  state.phase = "open";
  return true;
}

/** A client that sends a save twice reports the second, refused one: the change has happened. */
async function isNewest(env: Environment, state: SessionState, nonce: string): Promise<boolean> {
  return (await env.records.load(state.identity))?.nonce === nonce;
}
