import { sessionDestroyed } from "./contract/errors.ts";
import type { Snapshot } from "./format/snapshot.ts";
import { wholeNumber } from "./options.ts";

/** How long a session lives. */
export interface Lifetime {
  /** Milliseconds that a session lives without being saved or touched. Default: 24 hours. */
  idleTimeout?: number;
  /** Milliseconds that a session lives at all, whatever its use. Default: 30 days. */
  absoluteTimeout?: number;
}

/** The rules for its options. */
export const LIFETIME = { idleTimeout: wholeNumber(1), absoluteTimeout: wholeNumber(1) };

/** The manager's lifetime. It holds where a session has none of its own, or 0. */
export interface Policy extends Required<Lifetime> {
  readonly touchAfter?: number;
}

/**
 * When a session that is saved or touched now expires, in ms since the epoch. The absolute limit
 * wins: activity never extends it (ASVS 5, 7.3.2). Throws SESSION_DESTROYED where it is reached.
 */
export function expiryOf(
  policy: Policy,
  createdAt: number,
  own: Lifetime,
  now = Date.now(),
): number {
  const idle = own.idleTimeout || policy.idleTimeout;
  const absolute = own.absoluteTimeout || policy.absoluteTimeout;
  const expiresAt = Math.min(now + idle, createdAt + absolute);
  if (expiresAt <= now) throw sessionDestroyed();
  return expiresAt;
}

/**
 * A tightened policy holds at once: a session older than its absoluteTimeout is absent, whatever
 * expiry it was saved with.
 */
export function isLive(policy: Policy, { record, lifetime }: Snapshot): boolean {
  const absolute = lifetime.absoluteTimeout || policy.absoluteTimeout;
  return Math.min(record.expiresAt, record.createdAt + absolute) > Date.now();
}

/** The expiry that an extension now would set; undefined where none is due. */
export function dueExpiry(policy: Policy, { record, lifetime }: Snapshot): number | undefined {
  const { expiresAt, createdAt } = record;
  const now = Date.now();
  const next = expiryOf(policy, createdAt, lifetime, now);
  const idle = lifetime.idleTimeout || policy.idleTimeout;
  // Longer than half of the idle timeout, a session in use could die between two extensions.
  const touchAfter = Math.min(policy.touchAfter ?? idle / 10, idle / 2);
  // Later than allowed by now: the idle timeout was shortened since.
  const passed = next < expiresAt ? expiresAt - next : now - expiresAt + idle;
  return next !== expiresAt && passed >= touchAfter ? next : undefined;
}
