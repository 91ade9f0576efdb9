import { gone } from "./errors.ts";
import type { SessionRecord } from "./store.ts";

/** How long a session lives. */
export interface Lifetime {
  /** Milliseconds that a session lives without being saved or touched. Default: 24 hours. */
  idleTimeout?: number;
  /** Milliseconds that a session lives at all, whatever its use. Default: 30 days. */
  absoluteTimeout?: number;
}

/** The lifetime of a session that has none of its own. */
export const MANAGERS: Lifetime = {};

type Times = Pick<SessionRecord, "createdAt" | "expiresAt">;

/** When sessions expire and when they are extended: the manager's lifetime and a session's own. */
export class LifetimePolicy {
  readonly #lifetime: Required<Lifetime>;
  readonly #touchAfter: number | undefined;

  constructor(
    { idleTimeout = 86_400_000, absoluteTimeout = 2_592_000_000 }: Lifetime,
    touchAfter: number | undefined,
  ) {
    this.#lifetime = { idleTimeout, absoluteTimeout };
    this.#touchAfter = touchAfter;
  }

  /**
   * When a session that is saved or touched now expires, in ms since the epoch. The absolute limit
   * wins: activity never extends it (ASVS 5, 7.3.2). Throws SESSION_DESTROYED where it is reached.
   */
  expiryOf(createdAt: number, own: Lifetime, now = Date.now()): number {
    const { idleTimeout, absoluteTimeout } = this.#with(own);
    const expiresAt = Math.min(now + idleTimeout, createdAt + absoluteTimeout);
    if (expiresAt > now) return expiresAt;
    throw gone();
  }

  /**
   * A tightened policy holds at once: a session older than its absoluteTimeout is absent, whatever
   * expiry it was saved with.
   */
  isLive({ createdAt, expiresAt }: Times, own: Lifetime): boolean {
    const { absoluteTimeout } = this.#with(own);
    return Math.min(expiresAt, createdAt + absoluteTimeout) > Date.now();
  }

  /** Whether enough has passed since the last extension to move the expiry to `next`. */
  isDue({ expiresAt }: Times, own: Lifetime, next: number): boolean {
    const { idleTimeout } = this.#with(own);
    // Longer than half of the idle timeout, a session in use could die between two extensions.
    const touchAfter = Math.min(this.#touchAfter ?? idleTimeout / 10, idleTimeout / 2);
    // Later than allowed by now: the idle timeout was shortened since.
    if (next < expiresAt) return expiresAt - next >= touchAfter;
    return next > expiresAt && Date.now() >= expiresAt - idleTimeout + touchAfter;
  }

  #with(own: Lifetime): Required<Lifetime> {
    return own === MANAGERS ? this.#lifetime : { ...this.#lifetime, ...own };
  }
}
