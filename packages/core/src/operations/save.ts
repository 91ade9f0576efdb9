import type { SessionEvent } from "../diagnostics.ts";
import type { Environment } from "../environment.ts";
import { expiryOf } from "../lifetime.ts";
import { type Edits, isEmpty, NO_EDITS } from "../state/edits.ts";
import { gone, type SessionState } from "../state/session-state.ts";
import { Attempts } from "./attempts.ts";

/** Saves what changed; extends a session that did not change, when that is due. */
export async function save(env: Environment, state: SessionState, event: SessionEvent) {
  const edits = state.draft.edits();
  if (isNothing(state, edits)) event.outcome = "unchanged";
  else if (isEmpty(edits) && !state.isUncertain) await extend(env, state, event);
  else await commit(env, state, event, () => state.draft.edits());
}

/**
 * Writes what `plan` asks for over the newest stored state. A refused save means that another came
 * between: the newest state is loaded and `plan` asked again, until it has nothing left to write.
 */
export async function commit(
  env: Environment,
  state: SessionState,
  event: SessionEvent,
  plan: () => Edits,
): Promise<void> {
  const attempts = new Attempts();
  for (let edits = plan(); !isEmpty(edits) || state.isUncertain; edits = plan()) {
    event.attempts = attempts.count;
    const next = state.attempt(edits);
    if (await env.records.save(state.identity.handle, next.record)) {
      event.outcome = attempts.count === 1 ? "saved" : "rebased";
      return state.accept(next, edits);
    }
    event.outcome = "refused";
    await attempts.again();
    await refresh(env, state);
  }
  event.outcome ??= "unchanged";
}

/** Loads the newest stored state under what is not saved. Rejects when there is none any more. */
export async function refresh(env: Environment, state: SessionState): Promise<void> {
  if (!(await look(env, state))) throw gone();
}

/** Loads the newest stored state under what is not saved; false when there is none. */
export async function look(env: Environment, state: SessionState): Promise<boolean> {
  const newest = await env.records.load(state.identity);
  if (newest !== undefined) state.adopt(newest);
  return newest !== undefined;
}

/** Whether the session is in the store, which a first save of unknown outcome leaves open. */
export async function isStored(env: Environment, state: SessionState): Promise<boolean> {
  return !state.isNew || (state.isUncertain && look(env, state));
}

/** Moves the expiry of a session that did not change, if enough of its idle time has passed. */
export async function extend(env: Environment, state: SessionState, event: SessionEvent) {
  const now = Date.now();
  const expiresAt = expiryOf(state.snapshot.record.createdAt, state.lifetime, now);
  event.outcome = "unchanged";
  if (!isDue(env, state, expiresAt, now)) return;
  event.outcome = "touched";
  const { handle } = state.identity;
  if (env.records.canTouch) {
    if (!(await env.records.touch(handle, expiresAt))) throw gone();
    return state.extended(expiresAt);
  }
  // Refused, another has saved it, which extended it too, or it is gone: the next save tells.
  const next = state.compose(NO_EDITS, {
    revision: state.snapshot.record.revision + 1,
  });
  if (await env.records.save(handle, next.record)) state.accept(next, NO_EDITS);
}

function isDue(env: Environment, state: SessionState, expiresAt: number, now: number): boolean {
  const { idleTimeout } = state.lifetime;
  const touchAfter = env.settings.touchAfter ?? idleTimeout / 10;
  const current = state.snapshot.record.expiresAt;
  if (expiresAt === current) return false;
  // Later than allowed by now: the idle timeout was shortened since.
  if (expiresAt < current) return current - expiresAt >= touchAfter;
  return now >= current - idleTimeout + touchAfter;
}

/** A new session that holds nothing is not stored: visitors without one leave no trace. */
function isNothing(state: SessionState, edits: Edits): boolean {
  if (!state.isNew || state.isUncertain) return false;
  const held = [...edits.values.values()].some(({ text }) => text !== undefined);
  return !held && edits.messages.length === 0 && edits.owner?.value === undefined;
}
