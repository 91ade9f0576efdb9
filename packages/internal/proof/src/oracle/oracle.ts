import type { Lifetime, SessionSummary } from "@sess/core";
import { textOf } from "./answers.ts";
import { OracleSession } from "./oracle-session.ts";
import { gone, handleOf, type Keeper, type Rules, type Stored } from "./stored.ts";
import type { Edit, Found, Sessions, Updated } from "./subject.ts";

/** How long an old id can still end the session, in ms. */
const FORWARDED_FOR = 3_600_000;
/** How long a lookup says that an id has moved, in ms. */
const TOLD_FOR = 60_000;

/** Where an old handle leads to. */
interface Forward {
  readonly to: string;
  readonly movedAt: number;
  readonly expiresAt: number;
}

/**
 * What sessions promise, over two plain maps: it knows no revisions that are refused, no store that fails
 * and no two calls at once. Its clock and the ids that it draws are set from outside.
 */
export class Oracle implements Sessions<OracleSession>, Keeper {
  now: number;
  rules: Rules;
  /** The next id that is drawn. */
  drawn = "";
  /** By handle; what has expired stays until a sweep. */
  readonly stored = new Map<string, Stored>();
  /** By old handle. */
  readonly forwards = new Map<string, Forward>();

  constructor(rules: Rules, now: number) {
    this.rules = rules;
    this.now = now;
  }

  create(lifetime: Lifetime = {}): OracleSession {
    return new OracleSession(this, this.drawn, this.blank(handleOf(this.drawn), lifetime), true);
  }

  blank(root: string, lifetime: Lifetime): Stored {
    const expiresAt = this.expiry(this.now, lifetime);
    return {
      ...{ revision: 0, createdAt: this.now, lifetime, expiresAt, root },
      ...{ owner: undefined, sealed: false, values: new Map(), messages: [] },
    };
  }

  load(id: string): OracleSession | undefined {
    const stored = this.live(handleOf(id));
    return stored && new OracleSession(this, id, stored, false);
  }

  open(id: string): OracleSession {
    return this.load(id) ?? this.create();
  }

  lookup(id: string): Found<OracleSession> {
    const session = this.load(id);
    if (session !== undefined) return { status: "live", session };
    const forward = this.forwards.get(handleOf(id));
    const isRecent = forward !== undefined && forward.movedAt > this.now - TOLD_FOR;
    if (!isRecent || !this.live(this.follow(forward.to))) return { status: "unknown" };
    return { status: "moved", movedAt: new Date(forward.movedAt) };
  }

  update(id: string, edits: readonly Edit[]): Updated<OracleSession> | undefined {
    const session = this.load(id);
    return session && { session, answers: this.updateObject(session, edits) };
  }

  updateObject(session: OracleSession, edits: readonly Edit[]): readonly string[] {
    return session.transact((inner) => edits.map((edit) => textOf(edit(inner))));
  }

  destroy(id: string): void {
    this.end(handleOf(id));
  }

  list(owner?: string): SessionSummary[] {
    const theirs = [...this.stored].filter(([handle, stored]) => {
      return this.live(handle) && (owner ?? stored.owner) === stored.owner;
    });
    return theirs.map(([handle, { createdAt, expiresAt, sealed, ...stored }]) => {
      const get = (key: string) => {
        const text = sealed ? undefined : stored.values.get(key);
        return text === undefined ? undefined : this.rules.codec.parse(text);
      };
      const times = { createdAt: new Date(createdAt), expiresAt: new Date(expiresAt) };
      return { handle, owner: stored.owner, ...times, get };
    });
  }

  revoke(handle: string, { owner }: { owner?: string } = {}): boolean {
    const isTheirs = owner === undefined || this.#unexpired(this.follow(handle))?.owner === owner;
    return isTheirs && this.end(handle);
  }

  revokeAll(owner: string, { except }: { except?: OracleSession } = {}): number {
    const theirs = [...this.stored].filter(([, stored]) => stored.owner === owner);
    const others = theirs.filter(([, { root }]) => root !== except?.root);
    return others.filter(([handle]) => this.end(handle)).length;
  }

  /** The most that a sweep may remove: some of it may have been removed before, in passing. */
  sweep(): number {
    let swept = 0;
    for (const map of [this.stored, this.forwards]) {
      for (const [handle, { expiresAt }] of map) {
        if (expiresAt <= this.now && map.delete(handle)) swept += 1;
      }
    }
    return swept;
  }

  /** As when what is stored is kept in memory alone. */
  forgetAll(): void {
    this.stored.clear();
    this.forwards.clear();
  }

  /** The session that may be used. A limit that was lowered holds for what was saved before, too. */
  live(handle: string): Stored | undefined {
    const stored = this.#unexpired(handle);
    if (stored === undefined) return undefined;
    const { absoluteTimeout } = { ...this.rules, ...stored.lifetime };
    return stored.createdAt + absoluteTimeout > this.now ? stored : undefined;
  }

  /** The handle that the session has by now. */
  follow(handle: string): string {
    const forward = this.forwards.get(handle);
    return forward && forward.expiresAt > this.now ? this.follow(forward.to) : handle;
  }

  end(handle: string): boolean {
    const at = this.follow(handle);
    return this.#unexpired(at) !== undefined && this.stored.delete(at);
  }

  /** Has the handle of before lead to the new one for a while. */
  forward(from: string, to: string): void {
    this.stored.delete(from);
    const expiresAt = this.now + FORWARDED_FOR;
    this.forwards.set(from, { to, movedAt: this.now, expiresAt });
  }

  /** When a session that is used now expires. */
  expiry(createdAt: number, lifetime: Lifetime): number {
    const { idleTimeout, absoluteTimeout } = { ...this.rules, ...lifetime };
    const expiresAt = Math.min(this.now + idleTimeout, createdAt + absoluteTimeout);
    if (expiresAt <= this.now) throw gone();
    return expiresAt;
  }

  /** Whether it is time for an access that changes nothing to extend the session, or to shorten it. */
  isDue({ createdAt, expiresAt, lifetime }: Stored): boolean {
    const { idleTimeout } = { ...this.rules, ...lifetime };
    const touchAfter = Math.min(this.rules.touchAfter ?? idleTimeout / 10, idleTimeout / 2);
    const next = this.expiry(createdAt, lifetime);
    // It is later than it may be by now where a timeout was lowered.
    const passed = next < expiresAt ? expiresAt - next : this.now - (expiresAt - idleTimeout);
    return next !== expiresAt && passed >= touchAfter;
  }

  /** Another that is in the same state and goes its own way. */
  copy(): Oracle {
    const copy = new Oracle(this.rules, this.now);
    for (const [handle, stored] of this.stored) copy.stored.set(handle, stored);
    for (const [handle, forward] of this.forwards) copy.forwards.set(handle, forward);
    return copy;
  }

  /** What the store has, and what can be ended: it knows nothing of lowered limits. */
  #unexpired(handle: string): Stored | undefined {
    const stored = this.stored.get(handle);
    return stored && stored.expiresAt > this.now ? stored : undefined;
  }
}
