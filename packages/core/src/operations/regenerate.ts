import type { SessionEvent } from "../diagnostics.ts";
import { gone, invalid, SessionError } from "../errors.ts";
import { formatSuccessor, successorIn } from "../format/marker.ts";
import { recordOf } from "../format/record-format.ts";
import { blank } from "../format/snapshot.ts";
import { Identity } from "../identity.ts";
import type { Lifetime } from "../lifetime.ts";
import { checked } from "../settings.ts";
import type { SessionState, Terms } from "../state/session-state.ts";
import { Attempts } from "./attempts.ts";
import { isStored, look } from "./save.ts";

export interface RegenerateOptions extends Lifetime {
  /** The session counts as created now: its absolute timeout starts again, as after a sign-in. */
  restart?: boolean;
}

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
  const changes = changesOf(state, options);
  if (!(await isStored(state))) {
    // A new session was never stored: only its id changes.
    const { createdAt, lifetime } = changes;
    const next = blank(state.env.settings.lifetime, createdAt, lifetime);
    state.identity = Identity.create(state.env.random);
    state.snapshot = next;
    return;
  }
  try {
    await moveOn(state, changes, event);
  } catch (error) {
    // Where the outcome is known, nothing stays behind under the new id.
    const isKnown = error instanceof SessionError && error.code.startsWith("SESSION_");
    if (isKnown && state.successor) {
      await state.env.records.delete(state.successor.handle);
      state.successor = undefined;
    }
    throw error;
  }
}

async function moveOn(state: SessionState, changes: Changes, event: SessionEvent): Promise<void> {
  const { records, random } = state.env;
  const attempts = new Attempts(event);
  // Not as a first save where there was one: a session that was ended meanwhile would come back.
  for (let revision = state.successor ? 2 : 1; ; await attempts.again()) {
    const successor = state.successor ?? Identity.create(random);
    const edits = state.draft.edits();
    const next = state.compose(edits, { ...changes, revision }, successor);
    state.successor = successor;
    attempts.begin();
    if (!(await records.save(successor.handle, next.record))) {
      const found = await records.load(successor);
      if (found?.marker.nonce !== next.marker.nonce) {
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
        attempts.end(false);
        continue;
      }
      // Ended, unless it is the marker of an earlier attempt that is in place.
      const old = await records.fetch(state.identity.handle);
      if (successorIn(old) !== successor.handle) throw gone();
    }
    attempts.end(true);
    state.identity = successor;
    state.successor = undefined;
    return state.accept(next, edits);
  }
}

function changesOf({ snapshot }: SessionState, options: RegenerateOptions): Changes {
  const { restart = false, ...lifetime } = checked(options, [
    "restart",
    "idleTimeout",
    "absoluteTimeout",
  ]);
  if (typeof restart !== "boolean") throw invalid("restart must be true or false.");
  return {
    createdAt: restart ? Date.now() : snapshot.record.createdAt,
    lifetime: { ...snapshot.marker.lifetime, ...lifetime },
  };
}

/** Puts a marker in the old record's place, or removes it where a marker could not outlive it. */
async function replace(state: SessionState, successor: Identity) {
  const { handle } = state.identity;
  const { revision, createdAt, owner } = state.snapshot.record;
  // Sooner than the record would have gone: a store must not lose what shortens a life.
  const expiresAt = Math.min(Date.now() + MARKER_LIFE, (await oldExpiry(state)) - 1);
  if (expiresAt <= Date.now()) return state.env.records.delete(handle, revision);
  const frame = { revision: revision + 1, createdAt, expiresAt, owner };
  return state.env.records.save(handle, recordOf(frame, formatSuccessor(successor.handle)));
}

/** When the old record goes. Others may have extended it since this object saw it. */
async function oldExpiry({ env, identity, snapshot: { record } }: SessionState): Promise<number> {
  if (record.expiresAt > Date.now() + MARKER_LIFE) return record.expiresAt;
  return (await env.records.fetch(identity.handle))?.expiresAt ?? record.expiresAt;
}
