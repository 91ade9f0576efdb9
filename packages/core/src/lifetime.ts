import { gone } from "./errors.ts";
import type { Snapshot } from "./format/snapshot.ts";

/** How long a session lives. */
export interface Lifetime {
  /** Milliseconds that a session lives without being saved or touched. Default: 24 hours. */
  idleTimeout?: number;
  /** Milliseconds that a session lives at all, whatever its use. Default: 30 days. */
  absoluteTimeout?: number;
}

/** The part of a session's lifetime that is its own; the manager's holds for the rest. */
export type OwnLifetime = { readonly [Name in keyof Lifetime]: number | undefined };

/** Of a session that has none of its own: most. */
export const NO_LIFETIME: OwnLifetime = { idleTimeout: undefined, absoluteTimeout: undefined };

/** When sessions expire and when they are extended: the manager's lifetime and a session's own. */
export class LifetimePolicy {
  readonly #idleTimeout: number;
  readonly #absoluteTimeout: number;
  readonly #touchAfter: number | undefined;

  constructor(
    { idleTimeout = 86_400_000, absoluteTimeout = 2_592_000_000 }: Lifetime,
    touchAfter: number | undefined,
  ) {
    this.#idleTimeout = idleTimeout;
    this.#absoluteTimeout = absoluteTimeout;
    this.#touchAfter = touchAfter;
  }

  /**
   * When a session that is saved or touched now expires, in ms since the epoch. The absolute limit
   * wins: activity never extends it (ASVS 5, 7.3.2). Throws SESSION_DESTROYED where it is reached.
   */
  expiryOf(createdAt: number, own: OwnLifetime, now = Date.now()): number {
    const expiresAt = Math.min(now + this.#idle(own), createdAt + this.#absolute(own));
    if (expiresAt > now) return expiresAt;
    throw gone();
  }

  /**
   * A tightened policy holds at once: a session older than its absoluteTimeout is absent, whatever
   * expiry it was saved with.
   */
  isLive({ record, marker }: Snapshot): boolean {
    const limit = record.createdAt + this.#absolute(marker.lifetime);
    return Math.min(record.expiresAt, limit) > Date.now();
  }

  /** The expiry that an extension now would set; undefined where none is due. */
  dueExpiry({ record, marker }: Snapshot): number | undefined {
    const { createdAt, expiresAt } = record;
    const now = Date.now();
    const next = this.expiryOf(createdAt, marker.lifetime, now);
    const idleTimeout = this.#idle(marker.lifetime);
    // Longer than half of the idle timeout, a session in use could die between two extensions.
    const touchAfter = Math.min(this.#touchAfter ?? idleTimeout / 10, idleTimeout / 2);
    // Later than allowed by now: the idle timeout was shortened since.
    const passed = next < expiresAt ? expiresAt - next : now - expiresAt + idleTimeout;
    return next !== expiresAt && passed >= touchAfter ? next : undefined;
  }

  #idle(own: OwnLifetime): number {
    return own.idleTimeout ?? this.#idleTimeout;
  }

  #absolute(own: OwnLifetime): number {
    return own.absoluteTimeout ?? this.#absoluteTimeout;
  }
}
