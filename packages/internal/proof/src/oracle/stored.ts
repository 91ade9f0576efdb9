import { createHash } from "node:crypto";
import { type Codec, type Lifetime, SessionError } from "@sess/core";

export interface Message {
  readonly kind: string;
  readonly text: string;
}

/** A session as the store holds it. Never changed in place. */
export interface Stored {
  /** Counts the saves. */
  readonly revision: number;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly lifetime: Lifetime;
  readonly owner: string | undefined;
  /** The handle of the session's first id. */
  readonly root: string;
  readonly sealed: boolean;
  /** Encoded, by key. */
  readonly values: ReadonlyMap<string, string>;
  /** Oldest first. */
  readonly messages: readonly Message[];
}

/** How the managers are set up. */
export interface Rules extends Required<Lifetime> {
  readonly touchAfter: number | undefined;
  readonly codec: Codec;
  readonly encrypt: boolean | "migrate";
}

/** What a session object asks of the oracle that it belongs to. */
export interface Keeper {
  readonly now: number;
  readonly rules: Rules;
  /** The next id that is drawn. */
  readonly drawn: string;
  /** By handle. */
  readonly stored: Map<string, Stored>;
  blank(root: string, lifetime: Lifetime): Stored;
  live(handle: string): Stored | undefined;
  end(handle: string): boolean;
  forward(from: string, to: string): void;
  expiry(createdAt: number, lifetime: Lifetime): number;
  isDue(stored: Stored): boolean;
}

export function handleOf(id: string): string {
  return `~${createHash("sha256").update(id).digest("base64url")}`;
}

export function gone(): SessionError {
  return new SessionError("SESSION_DESTROYED", "The oracle says so.");
}

export function holdsNothing({ values, messages, owner }: Stored): boolean {
  return values.size + messages.length === 0 && owner === undefined;
}

/** `stored` with a fresh expiry, by a touch, or by one more save. */
export function extended(keeper: Keeper, stored: Stored, saves: 0 | 1): Stored {
  return {
    ...stored,
    revision: stored.revision + saves,
    sealed: saves === 1 ? keeper.rules.encrypt !== false : stored.sealed,
    expiresAt: keeper.expiry(stored.createdAt, stored.lifetime),
  };
}
