import type { SessionEvent } from "../contract/diagnostics.ts";
import { SessionError, sessionDestroyed } from "../contract/errors.ts";
import { recordOf } from "../format/record-format.ts";
import { blank } from "../format/snapshot.ts";
import { formatSuccessor, successorIn } from "../format/successor.ts";
import { type Identity, newIdentity } from "../identity.ts";
import { LIFETIME, type Lifetime } from "../lifetime.ts";
import { checked, oneOf } from "../options.ts";
import type { SessionState } from "../state/session-state.ts";
import { compose, type Terms } from "./attempt.ts";
import { newPace } from "./pace.ts";
import { isStored, look } from "./save.ts";

export interface RegenerateOptions extends Lifetime {
  /** The session counts as created now: its absolute timeout starts again, as after a sign-in. */
  restart?: boolean;
}

const OPTIONS = { ...LIFETIME, restart: oneOf("true or false", true, false) };

/** What a new id may change besides. */
type Changes = Omit<Terms, "revision">;

/** Ms that a marker leads from the old id to the new one, for whoever is to end the session. */
const MARKER_LIFE = 300_000;

/**
 * Gives the session a new id (OWASP: after any change of privilege). First a record under the new
 * id, then the old record's replacement by a marker: a crash in between leaves the old session
 * usable and the new id unknown to anyone. Only then does this object take the new id.
 */
export async function regenerate(
  state: SessionState,
  options: RegenerateOptions,
  event: SessionEvent,
): Promise<void> {
  const { env, snapshot } = state;
  const { restart, ...given } = checked(options, OPTIONS);
  const createdAt = restart ? Date.now() : snapshot.record.createdAt;
  const lifetime = { ...snapshot.lifetime, ...given };
  if (!(await isStored(state))) {
    // A new session was never stored: only its id changes.
    state.snapshot = blank(env, createdAt, lifetime);
    state.identity = newIdentity(env.random);
    return;
  }
  try {
    await moveOn(state, { createdAt, lifetime }, event);
  } catch (error) {
    // Where the outcome is known, nothing stays behind under the new id.
    const isKnown = error instanceof SessionError && error.code.startsWith("SESSION_");
    if (isKnown && state.successor) {
      await env.records.delete(state.successor.handle);
      state.successor = undefined;
    }
    throw error;
  }
}

async function moveOn(state: SessionState, changes: Changes, event: SessionEvent): Promise<void> {
  const { records, random } = state.env;
  const pace = newPace(event);
  // Not as a first save where there was one: a session that was ended meanwhile would come back.
  for (let revision = state.successor ? 2 : 1; ; await pace.again()) {
    const successor = state.successor ?? newIdentity(random);
    const edits = state.edits();
    const next = compose(state, edits, { ...changes, revision }, successor);
    state.successor = successor;
    pace.begin();
    if (!(await records.save(successor.handle, next.record))) {
      const found = await records.load(successor);
      if (found?.nonce !== next.nonce) {
        // An earlier attempt, of unknown outcome, is written over. For one that is there no more, or
        // another's, a new id is drawn.
        revision = found && revision > 1 ? found.record.revision + 1 : 1;
        if (revision === 1) state.successor = undefined;
        continue;
      }
    }
    revision += 1;
    if (!(await replace(state, successor))) {
      // Saved in between: those changes are carried over.
      if ((await look(state)) !== undefined) {
        pace.end(false);
        continue;
      }
      // Ended, unless it is the marker of an earlier attempt that is in place.
      const old = await records.fetch(state.identity.handle);
      if (successorIn(old) !== successor.handle) throw sessionDestroyed();
    }
    pace.end(true);
    state.identity = successor;
    state.successor = undefined;
    return state.accept(next, edits);
  }
}

/** Puts a marker in the old record's place, or removes it where a marker could not outlive it. */
async function replace({ env, snapshot, identity }: SessionState, successor: Identity) {
  const { handle } = identity;
  const { owner, createdAt, expiresAt: seen, revision } = snapshot.record;
  const latest = Date.now() + MARKER_LIFE;
  // Others may have extended it since this object saw it.
  const old = seen > latest ? undefined : await env.records.fetch(handle);
  // Sooner than the record would have gone: a store must not lose what shortens a life.
  const expiresAt = Math.min(latest, (old?.expiresAt ?? seen) - 1);
  if (expiresAt <= Date.now()) return env.records.delete(handle, revision);
  const frame = { revision: revision + 1, createdAt, expiresAt, owner };
  return env.records.save(handle, recordOf(frame, formatSuccessor(successor.handle)));
}
