import { wholeNumber } from "../adapter/options.ts";
import { sessionDestroyed } from "../contract/errors.ts";
import type { Lifetime } from "../contract/lifetime.ts";

/** The option rules of a `Lifetime`. */
export const LIFETIME_RULES = {
  idleTimeout: wholeNumber(1, undefined, "ms"),
  absoluteTimeout: wholeNumber(1, undefined, "ms"),
};

/** A session's times, in ms since the epoch, and the part of its lifetime that is its own. */
export interface SessionTimes {
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly ownLifetime: Lifetime;
}

/** An unchanged session is extended after this part of its idle timeout… */
const TOUCH_AFTER_SHARE = 1 / 10;
/** …and always within this part: later, a session in use could die between two extensions. */
const LATEST_TOUCH_SHARE = 1 / 2;

/** Decides when sessions expire: by the manager's timeouts, unless a session has its own. */
export class LifetimePolicy {
  readonly #idleTimeout: number;
  readonly #absoluteTimeout: number;
  readonly #touchAfter: number | undefined;

  constructor({ idleTimeout, absoluteTimeout }: Required<Lifetime>, touchAfter?: number) {
    this.#idleTimeout = idleTimeout;
    this.#absoluteTimeout = absoluteTimeout;
    this.#touchAfter = touchAfter;
  }

  /**
   * When a session that is saved or touched now expires, in ms since the epoch. Activity never extends
   * the absolute timeout (ASVS 5, 7.3.2).
   *
   * @throws SESSION_DESTROYED if the session has reached its absolute timeout.
   */
  expiryOf(createdAt: number, own: Lifetime, now = Date.now()): number {
    const expiresAt = Math.min(now + this.#idle(own), createdAt + this.#absolute(own));
    if (expiresAt <= now) throw sessionDestroyed();
    return expiresAt;
  }

  /**
   * Whether the session has reached its absolute timeout, whatever expiry it was saved with: a shortened
   * timeout applies at once. Whether its record has expired is for the store's clock to say.
   */
  isOutlived({ createdAt, ownLifetime }: SessionTimes): boolean {
    return createdAt + this.#absolute(ownLifetime) <= Date.now();
  }

  /** Whether extending the session now is due, or it has reached its absolute timeout. */
  isExtensionDue(times: SessionTimes): boolean {
    return this.isOutlived(times) || this.dueExtension(times) !== undefined;
  }

  /** What applies to a session with these timeouts of its own. */
  lifetimeOf(own: Lifetime): Required<Lifetime> {
    return { idleTimeout: this.#idle(own), absoluteTimeout: this.#absolute(own) };
  }

  /**
   * The expiry that extending the session now would set; undefined while that is not due.
   *
   * @throws SESSION_DESTROYED if the session has reached its absolute timeout.
   */
  dueExtension({ createdAt, expiresAt, ownLifetime }: SessionTimes): number | undefined {
    const now = Date.now();
    const next = this.expiryOf(createdAt, ownLifetime, now);
    const idle = this.#idle(ownLifetime);
    const touchAfter = Math.min(
      this.#touchAfter ?? idle * TOUCH_AFTER_SHARE,
      idle * LATEST_TOUCH_SHARE,
    );
    const lastExtended = expiresAt - idle;
    // An expiry later than could be set now means that the idle timeout has been shortened since.
    const overdue = next < expiresAt ? expiresAt - next : now - lastExtended;
    return next !== expiresAt && overdue >= touchAfter ? next : undefined;
  }

  #idle(own: Lifetime): number {
    return own.idleTimeout ?? this.#idleTimeout;
  }

  #absolute(own: Lifetime): number {
    return own.absoluteTimeout ?? this.#absoluteTimeout;
  }
}
