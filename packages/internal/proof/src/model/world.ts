import { createHash } from "node:crypto";
import { type Codec, type Lifetime, SessionError } from "@sess/core";

/** A flash message, encoded. */
export interface Message {
  readonly kind: string;
  readonly text: string;
}

/** A session as it is stored. Each write puts another in its place. */
export interface Stored {
  readonly revision: number;
  readonly createdAt: number;
  readonly expiresAt: number;
  /** When it was last saved or touched. */
  readonly extendedAt: number;
  readonly lifetime: Lifetime;
  readonly owner: string | undefined;
  readonly sealed: boolean;
  /** Encoded, by key. */
  readonly values: ReadonlyMap<string, string>;
  /** Oldest first. */
  readonly messages: readonly Message[];
}

/** What stands in for a session that has got a new id. */
export interface Moved {
  readonly to: string;
  readonly expiresAt: number;
}

export interface Rules extends Required<Lifetime> {
  readonly touchAfter: number | undefined;
  readonly codec: Codec;
  readonly encrypt: boolean | "migrate";
  /** Whether a sweep removes what has expired; otherwise the engine does by itself. */
  readonly sweeps: boolean;
}

const FIVE_MINUTES = 300_000;

/** All that is stored, and the rules of how long it lives: the design in its plainest form. */
export class World {
  now: number;
  rules: Rules;
  /** The next id: the one that the real thing drew. */
  drawn = "";
  /** By handle, what has expired and was not removed included. */
  readonly records: Map<string, Stored | Moved>;

  constructor(rules: Rules, now: number, records: Iterable<[string, Stored | Moved]> = []) {
    this.rules = rules;
    this.now = now;
    this.records = new Map(records);
  }

  load(handle: string): Stored | undefined {
    const found = this.find(handle);
    return found && "to" in found ? undefined : found;
  }

  find(handle: string): Stored | Moved | undefined {
    const found = this.records.get(handle);
    return found && found.expiresAt > this.now ? found : undefined;
  }

  put(handle: string, stored: Stored): void {
    this.records.set(handle, stored);
  }

  /** The old id leads to the new one for a while, as long as it would have led to the session. */
  move(from: string, to: string, stored: Stored): void {
    const old = this.load(from);
    const expiresAt = Math.min(this.now + FIVE_MINUTES, (old?.expiresAt ?? 0) - 1);
    if (expiresAt > this.now) this.records.set(from, { to, expiresAt });
    else this.records.delete(from);
    this.put(to, stored);
  }

  /** What is left of a session that expired goes, if it is what was seen last. */
  clear(handle: string, { revision }: Stored): void {
    const left = this.records.get(handle);
    if (!left || "to" in left || left.expiresAt > this.now) return;
    if (left.revision === revision) this.records.delete(handle);
  }

  /** Where `handle` leads to by now. */
  follow(handle: string): string {
    const found = this.find(handle);
    return found && "to" in found ? this.follow(found.to) : handle;
  }

  /** Ends the session that `handle` leads to; whether there was one. */
  end(handle: string): boolean {
    const at = this.follow(handle);
    const isLive = this.load(at) !== undefined;
    // What has expired goes too, and no sweep counts it any more.
    this.records.delete(at);
    return isLive;
  }

  /** When what is saved now expires. */
  expiry(createdAt: number, lifetime: Lifetime): number {
    const { idleTimeout, absoluteTimeout } = { ...this.rules, ...lifetime };
    const expiresAt = Math.min(this.now + idleTimeout, createdAt + absoluteTimeout);
    if (expiresAt > this.now) return expiresAt;
    throw gone();
  }

  /** Whether so much has passed since the last extension that there is to be another. */
  isDue({ createdAt, expiresAt, extendedAt, lifetime }: Stored): boolean {
    const { idleTimeout } = { ...this.rules, ...lifetime };
    const touchAfter = Math.min(this.rules.touchAfter ?? idleTimeout / 10, idleTimeout / 2);
    const next = this.expiry(createdAt, lifetime);
    return next > expiresAt && this.now - extendedAt >= touchAfter;
  }

  extended(stored: Stored): Stored {
    const expiresAt = this.expiry(stored.createdAt, stored.lifetime);
    return { ...stored, expiresAt, extendedAt: this.now };
  }
}

export function handleOf(id: string): string {
  return `~${createHash("sha256").update(id).digest("base64url")}`;
}

export function gone(): SessionError {
  return new SessionError("SESSION_DESTROYED", "The model says so.");
}
