import type { SessionEvent } from "../diagnostics.ts";
import { gone, SessionError, type SessionErrorCode } from "../errors.ts";
import { formatSuccessor, parseSuccessor } from "../format/marker.ts";
import type { Parts } from "../format/record-format.ts";
import { blank } from "../format/snapshot.ts";
import { Identity } from "../identity.ts";
import type { Lifetime } from "../lifetime.ts";
import { checked, invalid } from "../settings.ts";
import type { SessionState } from "../state/session-state.ts";
import { Attempts } from "./attempts.ts";
import { isStored, look, savedAt } from "./save.ts";

export interface RegenerateOptions extends Lifetime {
  /** The session counts as created now: its absolute timeout starts again, as after a sign-in. */
  restart?: boolean;
}

/** What a new id may change besides. */
type Terms = Pick<Parts, "createdAt" | "lifetime">;

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
  const terms = termsOf(state, options);
  if (!(await isStored(state))) return renew(state, terms);
  try {
    await moveOn(state, terms, event);
  } catch (error) {
    // Where the outcome is known, nothing stays behind under the new id.
    const isKnown = error instanceof SessionError && KNOWN.has(error.code);
    if (isKnown && state.successor) await state.env.records.delete(state.successor.handle);
    if (isKnown) state.successor = undefined;
    throw error;
  }
}

const KNOWN = new Set<SessionErrorCode>(["SESSION_DESTROYED", "SESSION_CONFLICT"]);

async function moveOn(state: SessionState, terms: Terms, event: SessionEvent): Promise<void> {
  const attempts = new Attempts();
  let isResumed = state.successor !== undefined;
  // Never as a first save: one that was ended meanwhile would come back.
  for (let revision = isResumed ? 2 : 1; ; await attempts.again()) {
    const successor = state.successor ?? Identity.create(state.env.random);
    const edits = state.draft.edits();
    const next = state.compose(edits, { ...terms, revision }, successor);
    state.successor = successor;
    event.attempts = attempts.count;
    if (!(await state.env.records.save(successor.handle, next.record))) {
      const found = await state.env.records.load(successor);
      if (found?.marker.nonce !== next.marker.nonce) {
        // An earlier attempt, of unknown outcome, is written over. For one that is there no more, or
        // another's, a new id is drawn.
        isResumed &&= found !== undefined;
        if (!isResumed) state.successor = undefined;
        revision = isResumed && found ? found.record.revision + 1 : 1;
        continue;
      }
    }
    isResumed = true;
    revision += 1;
    if ((await replace(state, successor)) || (await hasMoved(state, successor))) {
      event.outcome = savedAt(attempts.count);
      state.become(successor);
      return state.accept(next, edits);
    }
    event.outcome = "refused";
    await look(state);
  }
}

function termsOf({ snapshot }: SessionState, options: RegenerateOptions): Terms {
  const given = checked(options, ["restart", "idleTimeout", "absoluteTimeout"]);
  const { restart = false, ...lifetime } = given;
  if (typeof restart !== "boolean") throw invalid("restart must be true or false.");
  return {
    createdAt: restart ? Date.now() : snapshot.record.createdAt,
    lifetime: { ...snapshot.marker.lifetime, ...lifetime },
  };
}

/** A new session was never stored: only its id changes. */
function renew(state: SessionState, { createdAt, lifetime }: Terms): void {
  state.become(Identity.create(state.env.random));
  state.snapshot = blank(
    createdAt,
    state.env.settings.lifetime.expiryOf(createdAt, lifetime),
    lifetime,
  );
}

/** Puts a marker in the old record's place, or removes it where a marker could not outlive it. */
async function replace(state: SessionState, successor: Identity) {
  const { handle } = state.identity;
  const { revision, createdAt, owner, expiresAt } = state.snapshot.record;
  const now = Date.now();
  // Sooner than the record would have gone: a store must not lose what shortens a life.
  const until = Math.min(now + MARKER_LIFE, expiresAt - 1);
  if (until <= now) return state.env.records.delete(handle, revision);
  return state.env.records.save(handle, {
    revision: revision + 1,
    createdAt,
    expiresAt: until,
    ...(owner !== undefined && { owner }),
    data: formatSuccessor(successor.handle),
  });
}

/**
 * After a refusal: true where the marker of an earlier attempt is in place, false where the session
 * was saved in between. Rejects where it has ended.
 */
async function hasMoved(state: SessionState, successor: Identity) {
  const old = await state.env.records.fetch(state.identity.handle);
  const moved = old && parseSuccessor(old.data);
  if (moved === successor.handle) return true;
  if (old !== undefined && moved === undefined) return false;
  throw gone();
}
