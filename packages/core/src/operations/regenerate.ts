import { aBoolean, checkOptions, type Rule } from "../adapter/options.ts";
import {
  isDestroyed,
  SessionError,
  sessionDestroyed,
  writeSuppressed,
} from "../contract/errors.ts";
import type { SessionEvent } from "../contract/events.ts";
import type { Lifetime } from "../contract/lifetime.ts";
import { recordOf } from "../format/record-format.ts";
import { isSameRecord, type Snapshot, timesOf, unsavedSnapshot } from "../format/snapshot.ts";
import { formatForwarding, forwardingIn } from "../format/stand-ins.ts";
import { type Identity, newIdentity } from "../policy/identity.ts";
import { LIFETIME_RULES } from "../policy/lifetime-policy.ts";
import type { SessionState } from "../state/session-state.ts";
import { rebase, resend } from "./attempt.ts";
import { endDoubtful } from "./end.ts";
import { nextRecord, type RecordChanges } from "./next-record.ts";
import { RetryPolicy } from "./retry-policy.ts";
import { save } from "./save.ts";

/** What `regenerate()` changes besides the id. */
export interface RegenerateOptions {
  /**
   * The session counts as created now, so its absolute timeout starts again: a sign-in. If the session
   * has moved or ended meanwhile (a double click, a lost answer), this object goes on as a new session
   * that holds what it has changed, and nothing else.
   * @default false
   */
  restart?: boolean;
  /** Milliseconds; null goes back to the manager's. @default as it was */
  idleTimeout?: number | null;
  /** Milliseconds; null goes back to the manager's. @default as it was */
  absoluteTimeout?: number | null;
}

const RULES = {
  idleTimeout: orNull(LIFETIME_RULES.idleTimeout),
  absoluteTimeout: orNull(LIFETIME_RULES.absoluteTimeout),
  restart: aBoolean,
};

const HOUR = 3_600_000;

/** Milliseconds that a forwarding record leads from the old id to the new one. */
const FORWARDING_LIFE = HOUR;

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
  state.assertOpen();
  const { restart = false, ...timeouts } = checkOptions("regenerate", options, RULES);
  state.assertNoStaleChange();
  const ownLifetime = changedLifetime(state.snapshot.ownLifetime, timeouts);
  state.env.unitWarning.check(ownLifetime);
  try {
    await resend(state, new RetryPolicy(), event);
    // A sign-in must not carry over what has reached its absolute timeout.
    const { lifetimes } = state.env;
    if (!state.isNew && lifetimes.isOutlived(timesOf(state.snapshot))) throw sessionDestroyed();
    if (state.isNew) replaceUnsaved(state, restart, ownLifetime);
    else await move(state, { ...createdAtOf(restart), ownLifetime }, event);
  } catch (error) {
    if (isOutcomeKnown(error)) await giveUp(state);
    if (!restart || !isDestroyed(error)) throw error;
    state.startOver(newIdentity(state.env.random), blankSnapshot(state, Date.now(), ownLifetime));
    await save(state, event);
  }
}

/** A session that was never stored only gets another id. */
function replaceUnsaved(state: SessionState, restart: boolean, ownLifetime: Lifetime): void {
  const createdAt = restart ? Date.now() : state.snapshot.record.createdAt;
  state.replaceIdentity(
    newIdentity(state.env.random),
    blankSnapshot(state, createdAt, ownLifetime),
  );
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
  let target = await firstTarget(state);
  for (;;) {
    const { identity, revision } = target;
    const edits = state.unsavedEdits();
    const next = nextRecord(state, [edits], {
      ...changes,
      identity,
      revision: revision + 1,
      root: state.root,
    });
    event.attempts = retries.attempts;
    const stored = await saveUnderNewId(state, target, next);
    if (stored === undefined || !isSameRecord(stored.record, next.record)) {
      target = otherTarget(state, target, stored);
    } else if ((await forwardOldId(state, identity, retries)) === "forwarded") {
      state.completeMove(identity, next, edits);
      event.outcome = retries.attempts === 1 ? "saved" : "rebased";
      return;
    } else {
      // Another save came between: what it changed is carried over.
      target = { identity, revision: next.record.revision };
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

/** Goes on with an earlier move whose first save is known; one that is in doubt is given up. */
async function firstTarget(state: SessionState): Promise<Target> {
  const { env, move: earlier } = state;
  if (earlier === undefined) return newTarget(state);
  const { identity, firstSave } = earlier;
  const stored = firstSave === undefined ? await env.store.load(identity) : undefined;
  if (stored !== undefined) return { identity, revision: stored.record.revision };
  // Known and not there any more: it was ended, and so is this session if its old record leads there.
  const old = await env.store.fetch(state.identity.handle);
  if (firstSave === undefined && forwardingIn(old)?.to === identity.handle) {
    throw sessionDestroyed();
  }
  await giveUp(state);
  return newTarget(state);
}

function newTarget({ env }: SessionState): Target {
  return { identity: newIdentity(env.random), revision: 0 };
}

/** Saves the session there, and resolves to what is stored there now. */
async function saveUnderNewId(
  state: SessionState,
  { identity, revision }: Target,
  next: Snapshot,
): Promise<Snapshot | undefined> {
  const { store } = state.env;
  if (revision === 0) state.moveTo({ identity, firstSave: next.record });
  const isSaved = await store.save(identity.handle, next.record);
  // A refused save may have happened: its client may have sent it twice.
  const stored = isSaved ? next : await store.load(identity);
  if (stored !== undefined) state.moveTo({ identity, firstSave: undefined });
  return stored;
}

/** Where to go on after a refusal: over the record of an earlier attempt, else under another new id. */
function otherTarget(
  state: SessionState,
  { identity, revision }: Target,
  stored: Snapshot | undefined,
): Target {
  if (revision > 0 && stored !== undefined) return { identity, revision: stored.record.revision };
  state.moveTo(undefined);
  return newTarget(state);
}

/**
 * Has the old record forward to the new identity. "overtaken": the session was saved meanwhile under its
 * old id.
 *
 * @throws SESSION_DESTROYED if it was ended meanwhile.
 */
async function forwardOldId(
  state: SessionState,
  to: Identity,
  retries: RetryPolicy,
): Promise<"forwarded" | "overtaken"> {
  const { env, identity, root, snapshot } = state;
  const { owner, createdAt, revision } = snapshot.record;
  const movedAt = Date.now();
  const expiresAt = movedAt + FORWARDING_LIFE;
  const frame = { revision: revision + 1, createdAt, expiresAt, owner };
  const forwarding = recordOf(frame, formatForwarding({ to: to.handle, movedAt, root }));
  if (await env.store.save(identity.handle, forwarding, { durable: true })) return "forwarded";
  // An earlier attempt may have put the forwarding record in place.
  const old = await env.store.fetch(identity.handle);
  if (forwardingIn(old)?.to === to.handle) return "forwarded";
  const isUnchanged = old !== undefined && isSameRecord(old, snapshot.record);
  if (isUnchanged && retries.attempts > 1) throw writeSuppressed();
  rebase(state, old);
  return "overtaken";
}

/** Nothing of the session stays under an id that it does not get. */
async function giveUp(state: SessionState): Promise<void> {
  const { env, move: given } = state;
  if (given === undefined) return;
  const { handle } = given.identity;
  if (given.firstSave === undefined) await env.store.delete(handle);
  else await endDoubtful(env, handle, given.firstSave);
  state.moveTo(undefined);
}

function blankSnapshot({ env }: SessionState, createdAt: number, ownLifetime: Lifetime): Snapshot {
  const expiresAt = env.lifetimes.expiryOf(createdAt, ownLifetime);
  return unsavedSnapshot({ createdAt, expiresAt, ownLifetime });
}

function createdAtOf(restart: boolean): { createdAt?: number } {
  return restart ? { createdAt: Date.now() } : {};
}

/** An own timeout stays unless it is given; null takes it away. */
function changedLifetime(
  own: Lifetime,
  { idleTimeout = own.idleTimeout, absoluteTimeout = own.absoluteTimeout }: RegenerateOptions,
): Lifetime {
  return {
    ...(typeof idleTimeout === "number" && { idleTimeout }),
    ...(typeof absoluteTimeout === "number" && { absoluteTimeout }),
  };
}

function orNull(rule: Rule): Rule {
  return {
    expected: `${rule.expected}, or null`,
    accepts: (value) => value === null || rule.accepts(value),
  };
}

/** Whether nothing of the move can happen any more. */
function isOutcomeKnown(error: unknown): boolean {
  if (!(error instanceof SessionError)) return false;
  return error.code === "SESSION_DESTROYED" || error.code === "SESSION_CONFLICT";
}
