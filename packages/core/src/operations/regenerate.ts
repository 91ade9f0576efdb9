import { aBoolean, checkOptions } from "../adapter/options.ts";
import { SessionError, sessionDestroyed } from "../contract/errors.ts";
import type { SessionEvent } from "../contract/events.ts";
import type { Lifetime } from "../contract/lifetime.ts";
import { formatForwarding, forwardedTo } from "../format/forwarding-record.ts";
import { recordOf } from "../format/record-format.ts";
import { type Snapshot, unsavedSnapshot } from "../format/snapshot.ts";
import { type Identity, newIdentity } from "../policy/identity.ts";
import { LIFETIME_RULES } from "../policy/lifetime-policy.ts";
import type { SessionState } from "../state/session-state.ts";
import { nextRecord, type RecordChanges } from "./next-record.ts";
import { isStored, reconcileWithStore } from "./refresh.ts";
import { RetryPolicy } from "./retry-policy.ts";
import { tellSaved } from "./save.ts";

/** What `regenerate()` changes besides the id. */
export interface RegenerateOptions extends Lifetime {
  /**
   * The session counts as created now, so its absolute timeout starts again, as after a sign-in.
   * @default false
   */
  restart?: boolean;
}

const RULES = { ...LIFETIME_RULES, restart: aBoolean };

const MINUTE = 60_000;

/** Milliseconds that a forwarding record leads from the old id to the new one. */
const FORWARDING_LIFE = 5 * MINUTE;

/**
 * Gives the session a new id (OWASP: after any change of privilege) and ends the old one.
 *
 * @throws INVALID_OPTION; otherwise as `save` does.
 */
export async function regenerate(
  state: SessionState,
  options: RegenerateOptions,
  event: SessionEvent,
): Promise<void> {
  const { env, snapshot } = state;
  const { restart, ...given } = checkOptions("regenerate", options, RULES);
  const createdAt = restart ? Date.now() : snapshot.record.createdAt;
  const ownLifetime = { ...snapshot.ownLifetime, ...given };
  if (!(await isStored(state))) {
    const expiresAt = env.lifetimes.expiryOf(createdAt, ownLifetime);
    const blank = unsavedSnapshot({ createdAt, expiresAt, ownLifetime });
    state.replaceIdentity(newIdentity(env.random), blank);
    return;
  }
  try {
    await move(state, { createdAt, ownLifetime }, event);
  } catch (error) {
    if (isOutcomeKnown(error)) await removeMoved(state);
    throw error;
  }
}

/**
 * Saves the session under a new id, then replaces the old record by one that forwards to it. A crash in
 * between leaves the old session usable, and the new id unknown to anyone. This object takes the new id
 * last.
 */
async function move(
  state: SessionState,
  changes: Pick<RecordChanges, "createdAt" | "ownLifetime">,
  event: SessionEvent,
): Promise<void> {
  const retries = new RetryPolicy();
  let target = firstTarget(state);
  for (;;) {
    const { identity } = target;
    const edits = state.unsavedEdits();
    const next = nextRecord(state, edits, { ...changes, identity, revision: target.revision + 1 });
    state.beginMove(identity);
    event.attempts = retries.attempts;
    const stored = await saveUnderNewId(state, identity, next);
    if (stored?.nonce !== next.nonce) {
      target = otherTarget(state, target, stored);
    } else {
      target = { identity, revision: next.record.revision };
      if ((await forwardOldId(state, identity)) === "forwarded") {
        state.completeMove(identity, next, edits);
        tellSaved(event, retries);
        return;
      }
      // Another save came between: what it changed is carried over.
      event.outcome = "refused";
    }
    await retries.nextAttempt();
  }
}

/** Where the session is moving to, and the revision of its record there; 0 if there is none. */
interface Target {
  readonly identity: Identity;
  readonly revision: number;
}

/**
 * After a move of unknown outcome the session is taken to be stored there once, at revision 1. If it is
 * not, the save is refused and another id is drawn; a first save could bring back a session that was
 * ended there.
 */
function firstTarget({ env, nextIdentity }: SessionState): Target {
  if (nextIdentity !== undefined) return { identity: nextIdentity, revision: 1 };
  return { identity: newIdentity(env.random), revision: 0 };
}

/** Saves the session there, and resolves to what is stored there now. */
async function saveUnderNewId(
  { env }: SessionState,
  identity: Identity,
  next: Snapshot,
): Promise<Snapshot | undefined> {
  const isSaved = await env.store.save(identity.handle, next.record);
  // A refused save may have happened: its client may have sent it twice.
  return isSaved ? next : env.store.load(identity);
}

/** Where to go on after a refusal: over the record of an earlier attempt, else under another new id. */
function otherTarget(
  state: SessionState,
  { identity, revision }: Target,
  stored: Snapshot | undefined,
): Target {
  if (revision > 0 && stored !== undefined) return { identity, revision: stored.record.revision };
  state.giveUpMove();
  return { identity: newIdentity(state.env.random), revision: 0 };
}

/**
 * Has the old record forward to the new identity. "overtaken": the session was saved meanwhile under its
 * old id.
 *
 * @throws SESSION_DESTROYED if it was ended meanwhile.
 */
async function forwardOldId(state: SessionState, to: Identity): Promise<"forwarded" | "overtaken"> {
  if (await forward(state, to)) return "forwarded";
  if ((await reconcileWithStore(state)) !== "gone") return "overtaken";
  // An earlier attempt may have put the forwarding record in place.
  const old = await state.env.store.fetch(state.identity.handle);
  if (forwardedTo(old) === to.handle) return "forwarded";
  throw sessionDestroyed();
}

/** Replaces the old record by a forwarding record, or removes it if that could not outlive it. */
async function forward({ env, snapshot, identity }: SessionState, to: Identity): Promise<boolean> {
  const { handle } = identity;
  const { owner, createdAt, expiresAt: lastSeen, revision } = snapshot.record;
  const latest = Date.now() + FORWARDING_LIFE;
  // If little time is left, others may have extended the session since this object saw it.
  const old = lastSeen > latest ? undefined : await env.store.fetch(handle);
  // 1 ms before the old record would have: a store syncs what shortens a life, even if it syncs nothing else.
  const expiresAt = Math.min(latest, (old?.expiresAt ?? lastSeen) - 1);
  if (expiresAt <= Date.now()) return env.store.delete(handle, revision);
  const frame = { revision: revision + 1, createdAt, expiresAt, owner };
  return env.store.save(handle, recordOf(frame, formatForwarding(to.handle)));
}

function isOutcomeKnown(error: unknown): boolean {
  if (!(error instanceof SessionError)) return false;
  return error.code === "SESSION_DESTROYED" || error.code === "SESSION_CONFLICT";
}

/** Nothing stays behind under the new id. */
async function removeMoved(state: SessionState): Promise<void> {
  const { env, nextIdentity } = state;
  if (nextIdentity === undefined) return;
  await env.store.delete(nextIdentity.handle);
  state.giveUpMove();
}
