import { aBoolean, checkOptions, type Rule } from "../adapter/options.ts";
import { isDestroyed, isTooLarge, SessionError, sessionDestroyed } from "../contract/errors.ts";
import type { SessionEvent } from "../contract/events.ts";
import type { Lifetime } from "../contract/lifetime.ts";
import { type Snapshot, timesOf, unsavedSnapshot } from "../format/snapshot.ts";
import { newIdentity } from "../policy/identity.ts";
import { LIFETIME_RULES } from "../policy/lifetime-policy.ts";
import type { SessionState } from "../state/session-state.ts";
import { giveUpMove, move } from "./move.ts";
import { RetryPolicy } from "./retry-policy.ts";
import { save } from "./save.ts";
import { settleEarlierCalls } from "./settle.ts";

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
    await settleEarlierCalls(state, new RetryPolicy(), event);
    assertNotOutlived(state);
    if (state.isNew) replaceUnsaved(state, restart, ownLifetime);
    else await move(state, { ...createdAtOf(restart), ownLifetime }, event);
  } catch (error) {
    if (isMoveOver(state, error)) await giveUpMove(state);
    if (!restart || !isDestroyed(error)) throw error;
    await startOver(state, changedLifetime({}, timeouts), event);
  }
}

/** A sign-in must not carry over what has reached its absolute timeout. */
function assertNotOutlived(state: SessionState): void {
  const { lifetimes } = state.env;
  if (!state.isNew && lifetimes.isOutlived(timesOf(state.snapshot))) throw sessionDestroyed();
}

/** A sign-in whose session has moved or ended meanwhile goes on as a new one. */
async function startOver(
  state: SessionState,
  ownLifetime: Lifetime,
  event: SessionEvent,
): Promise<void> {
  state.startOver(newIdentity(state.env.random), blankSnapshot(state, Date.now(), ownLifetime));
  await save(state, event);
}

/** A session that was never stored only gets another id. */
function replaceUnsaved(state: SessionState, restart: boolean, ownLifetime: Lifetime): void {
  const createdAt = restart ? Date.now() : state.snapshot.record.createdAt;
  state.replaceIdentity(
    newIdentity(state.env.random),
    blankSnapshot(state, createdAt, ownLifetime),
  );
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
function isMoveOver({ move }: SessionState, error: unknown): boolean {
  if (!(error instanceof SessionError)) return false;
  if (isTooLarge(error)) return move?.moved === undefined;
  return error.code === "SESSION_DESTROYED" || error.code === "SESSION_CONFLICT";
}
