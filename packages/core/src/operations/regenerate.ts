import type { SessionEvent } from "../diagnostics.ts";
import type { Environment } from "../environment.ts";
import { formatSuccessor, parseSuccessor } from "../format/marker.ts";
import type { Parts } from "../format/record-format.ts";
import { blank, type Snapshot } from "../format/snapshot.ts";
import { Identity } from "../identity.ts";
import { expiryOf, type Lifetime } from "../lifetime.ts";
import { ownLifetime } from "../settings.ts";
import type { Edits } from "../state/edits.ts";
import { gone, type SessionState } from "../state/session-state.ts";
import { Attempts } from "./attempts.ts";
import { isStored, look } from "./save.ts";

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
  env: Environment,
  state: SessionState,
  options: RegenerateOptions,
  event: SessionEvent,
): Promise<void> {
  const terms = termsOf(state, options);
  if (!(await isStored(env, state))) return renew(env, state, terms);
  const attempts = new Attempts();
  for (;;) {
    event.attempts = attempts.count;
    const edits = state.draft.edits();
    const { successor, saved } = await write(env, state, edits, terms);
    if ((await replace(env, state, successor)) || (await hasMoved(env, state, successor))) {
      event.outcome = attempts.count === 1 ? "saved" : "rebased";
      state.become(successor);
      return state.accept(saved, edits);
    }
    event.outcome = "refused";
    await attempts.again();
    await look(env, state);
  }
}

function termsOf(state: SessionState, { restart = false, ...lifetime }: RegenerateOptions): Terms {
  const { record, lifetime: own } = state.snapshot;
  return {
    createdAt: restart ? Date.now() : record.createdAt,
    lifetime: { ...own, ...ownLifetime(lifetime) },
  };
}

/** A new session was never stored: only its id changes. */
function renew(env: Environment, state: SessionState, { createdAt, lifetime }: Terms): void {
  const limits = { ...env.settings.lifetime, ...lifetime };
  state.become(Identity.create(env.random));
  state.snapshot = blank(createdAt, expiryOf(createdAt, limits, Date.now()), lifetime);
}

/**
 * Saves under the new id. A record that is there already is of an earlier attempt, whose outcome
 * was unknown, and is written over; should it be another session's, a new id is drawn.
 */
async function write(env: Environment, state: SessionState, edits: Edits, terms: Terms) {
  const attempts = new Attempts();
  for (let revision = 1; ; await attempts.again()) {
    state.successor ??= Identity.create(env.random);
    const successor = state.successor;
    const next: Snapshot = state.compose(edits, { ...terms, revision }, successor);
    if (await env.records.save(successor.handle, next.record)) return { successor, saved: next };
    const found = await env.records.load(successor);
    if (found?.nonce === next.nonce) return { successor, saved: next };
    const own = found?.record.createdAt === terms.createdAt;
    if (!own) state.successor = undefined;
    revision = own ? found.record.revision + 1 : 1;
  }
}

/** Puts a marker in the old record's place, or removes it where a marker could not outlive it. */
async function replace(env: Environment, state: SessionState, successor: Identity) {
  const { handle } = state.identity;
  const { revision, createdAt, owner, expiresAt } = state.snapshot.record;
  const now = Date.now();
  // Sooner than the record would have gone: a store must not lose what shortens a life.
  const until = Math.min(now + MARKER_LIFE, expiresAt - 1);
  if (until <= now) return env.records.delete(handle, revision);
  return env.records.save(handle, {
    revision: revision + 1,
    createdAt,
    expiresAt: until,
    ...(owner !== undefined && { owner }),
    data: formatSuccessor(successor.handle),
  });
}

/**
 * After a refusal: true where the marker of an earlier attempt is in place, false where the session
 * was saved in between. Rejects where it has ended; then the new record goes, too.
 */
async function hasMoved(env: Environment, state: SessionState, successor: Identity) {
  const old = await env.records.fetch(state.identity.handle);
  const moved = old && parseSuccessor(old.data);
  if (moved === successor.handle) return true;
  if (old !== undefined && moved === undefined) return false;
  await env.records.delete(successor.handle);
  state.successor = undefined;
  throw gone();
}
