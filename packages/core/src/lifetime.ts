import { SessionError } from "./errors.ts";

/** How long a session lives. */
export interface Lifetime {
  /** Milliseconds that a session lives without being saved or touched. Default: 24 hours. */
  idleTimeout?: number;
  /** Milliseconds that a session lives at all, whatever its use. Default: 30 days. */
  absoluteTimeout?: number;
}

const HOUR = 3_600_000;

export const DEFAULT_LIFETIME: Required<Lifetime> = {
  idleTimeout: 24 * HOUR,
  absoluteTimeout: 30 * 24 * HOUR,
};

/**
 * When a session that is saved or touched now expires, in ms since the epoch. The absolute limit
 * wins: activity never extends it (ASVS 5, 7.3.2).
 */
export function expiryOf(createdAt: number, lifetime: Required<Lifetime>, now: number): number {
  const expiresAt = Math.min(now + lifetime.idleTimeout, createdAt + lifetime.absoluteTimeout);
  if (expiresAt <= now) throw expired();
  return expiresAt;
}

function expired(): SessionError {
  return new SessionError("SESSION_DESTROYED", "The session has reached its absoluteTimeout.");
}
