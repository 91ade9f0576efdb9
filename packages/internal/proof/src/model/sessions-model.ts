import type { Lifetime, SessionSummary } from "@sess/core";
import { textOf } from "./outcome.ts";
import { SessionModel } from "./session-model.ts";
import type { Edit, Sessions, Updated } from "./subject.ts";
import { handleOf, type Stored, type World } from "./world.ts";

/** The manager in its plainest form. */
export class SessionsModel implements Sessions<SessionModel> {
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  create(lifetime: Lifetime = {}): SessionModel {
    const { now, drawn } = this.#world;
    const blank: Stored = {
      revision: 0,
      createdAt: now,
      expiresAt: this.#world.expiry(now, lifetime),
      extendedAt: now,
      lifetime,
      owner: undefined,
      sealed: false,
      values: new Map(),
      messages: [],
    };
    return new SessionModel(this.#world, drawn, blank, "new");
  }

  load(id: string): SessionModel | undefined {
    const found = this.#world.load(handleOf(id));
    return found && new SessionModel(this.#world, id, found, "open");
  }

  open(id: string): SessionModel {
    return this.load(id) ?? this.create();
  }

  update(id: string, edits: readonly Edit[]): Updated<SessionModel> | undefined {
    const found = this.#world.load(handleOf(id));
    if (!found) return undefined;
    const session = new SessionModel(this.#world, id, found, "updating");
    const answers = edits.map((edit) => textOf(edit(session)));
    session.finish();
    return { session, answers };
  }

  destroy(id: string): void {
    this.#world.end(handleOf(id));
  }

  list(owner?: string): SessionSummary[] {
    const mine = this.#live().filter(([, stored]) => (owner ?? stored.owner) === stored.owner);
    return mine.map(([handle, stored]) => this.#summaryOf(handle, stored));
  }

  revoke(handle: string, options: { owner?: string } = {}): boolean {
    if (options.owner === undefined) return this.#world.end(handle);
    const at = this.#world.follow(handle);
    return this.#world.load(at)?.owner === options.owner && this.#world.end(at);
  }

  revokeAll(owner: string, { except }: { except?: SessionModel } = {}): number {
    const kept = except && this.#world.follow(except.handle);
    const ended = this.#live().filter(([at, stored]) => stored.owner === owner && at !== kept);
    for (const [handle] of ended) this.#world.records.delete(handle);
    return ended.length;
  }

  sweep(): number {
    const { records, now, rules } = this.#world;
    if (!rules.sweeps) return 0;
    const expired = [...records].filter(([, { expiresAt }]) => expiresAt <= now);
    for (const [handle] of expired) records.delete(handle);
    return expired.length;
  }

  #live(): (readonly [handle: string, stored: Stored])[] {
    return [...this.#world.records.keys()].flatMap((handle) => {
      const stored = this.#world.load(handle);
      return stored ? [[handle, stored] as const] : [];
    });
  }

  #summaryOf(handle: string, { owner, createdAt, expiresAt, values, sealed }: Stored) {
    const get = (key: string) => {
      const text = sealed ? undefined : values.get(key);
      return text === undefined ? undefined : this.#world.rules.codec.parse(text);
    };
    const times = { createdAt: new Date(createdAt), expiresAt: new Date(expiresAt) };
    return { handle, owner, ...times, get };
  }
}
