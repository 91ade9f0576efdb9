import assert from "node:assert/strict";
import {
  type Lifetime,
  type Session,
  SessionManager,
  type SessionManagerOptions,
  type Store,
} from "@sess/core";
import { FaultyStore } from "@sess/core/conformance";

/** What the runs of a scenario have in common. */
export interface Surroundings {
  /** The store behind the faults, for one run. It need not be empty. */
  readonly createStore: () => Store;
  /** Another one on the same data, as another process has it. @default the same store */
  readonly elsewhere?: () => Store;
  readonly options?: Omit<SessionManagerOptions, "store">;
  /** Advances the clock by ms. */
  readonly pass: (ms: number) => void;
}

/** What a stored session holds, besides `who`. */
export const STORED = { alias: "GoTamer" };

let worlds = 0;

/** What one run takes place in: a store with faults, a person, and somebody else. */
export class World {
  /** The owner of the sessions that the scenario is about. */
  readonly person: string;
  readonly store: FaultyStore;
  /** Meets the faults. */
  readonly sessions: SessionManager;
  /** Meets none: another process on the same data. */
  readonly elsewhere: SessionManager;
  /** Advances the clock by ms. */
  readonly pass: (ms: number) => void;
  readonly #somebody: string;
  #theirs = "";
  #visits = 0;

  private constructor({ createStore, elsewhere, options, pass }: Surroundings) {
    worlds += 1;
    this.person = `person ${worlds}`;
    this.#somebody = `somebody ${worlds}`;
    const store = createStore();
    const settings = { sweepInterval: 0, ...options };
    this.store = new FaultyStore(store);
    this.sessions = new SessionManager({ ...settings, store: this.store });
    this.elsewhere = new SessionManager({ ...settings, store: elsewhere?.() ?? store });
    this.pass = pass;
  }

  static async create(surroundings: Surroundings): Promise<World> {
    const world = new World(surroundings);
    world.#theirs = await world.#save(world.#somebody);
    return world;
  }

  /** Stores a session of the person, with a message, and resolves to its id. */
  stored(lifetime?: Lifetime): Promise<string> {
    return this.#save(this.person, "hello", lifetime);
  }

  /** The person's session as an object that meets the faults. */
  async held(id: string): Promise<Session> {
    return this.mine(await this.sessions.load(id));
  }

  /** The person's session as an object of another process. */
  async heldElsewhere(id: string): Promise<Session> {
    return this.mine(await this.elsewhere.load(id));
  }

  /** Throws unless it is the person's session: not none, not a new one, not another's. */
  mine(session: Session | undefined): Session {
    assert.ok(session, "the session must be there");
    assert.equal(session.get("who"), this.person, "it must be the person's");
    return session;
  }

  /** A new session of the person, not saved yet. */
  visitor(): Session {
    const session = this.sessions.create();
    session.owner = this.person;
    session.set("who", this.person);
    return session;
  }

  /** What is stored under `id`, besides `who`; undefined where there is no session. */
  async values(id: string): Promise<Record<string, unknown> | undefined> {
    const session = await this.elsewhere.load(id);
    if (session === undefined) return undefined;
    const keys = this.mine(session)
      .keys()
      .filter((key) => key !== "who");
    return Object.fromEntries(keys.map((key) => [key, session.get(key)]));
  }

  /** Takes the messages that are left. */
  async messages(id: string): Promise<unknown[]> {
    return (await this.heldElsewhere(id)).takeFlash("notice");
  }

  /** The handles of the person's sessions. */
  async handles(): Promise<string[]> {
    const handles = new Set<string>();
    for await (const { handle } of this.elsewhere.list(this.person)) handles.add(handle);
    return [...handles];
  }

  /** What is stored must be these values, and these messages, which it takes. */
  async mustHold(id: string, values: Record<string, unknown>, messages = ["hello"]): Promise<void> {
    assert.deepEqual(await this.values(id), values);
    assert.deepEqual(await this.messages(id), messages);
  }

  /** The object must still be of use: what it saves is stored. */
  async mustBeUsable(session: Session): Promise<void> {
    await session.save();
    await session.reload();
    session.set("later", true);
    await session.save();
    assert.equal((await this.values(session.id))?.["later"], true);
  }

  /** The session must have ended, and `holder`, who still has an object of it, must not bring it back. */
  async mustHaveEnded(id: string, holder: Session): Promise<void> {
    assert.equal(await this.elsewhere.load(id), undefined, "it must have ended");
    holder.set("late", true);
    await assert.rejects(holder.save(), { code: "SESSION_DESTROYED" });
    await assert.rejects(holder.regenerate(), { code: "SESSION_DESTROYED" });
    assert.equal(await this.elsewhere.update(id, () => {}), undefined);
    assert.equal(await this.elsewhere.load(id), undefined, "it must not come back");
    assert.equal((await this.handles()).includes(holder.handle), false);
  }

  /** While a call for the person hangs, everything works for somebody else. */
  async somebodyWorks(): Promise<void> {
    this.#visits += 1;
    const session = await this.sessions.load(this.#theirs);
    assert.equal(session?.get("who"), this.#somebody);
    session.flash("notice", "hello");
    session.set("visits", this.#visits);
    await session.save();
    assert.deepEqual(await session.takeFlash("notice"), ["hello"]);
    await this.sessions.update(session.id, (fresh) => fresh.set("updated", true));
    await session.regenerate();
    this.#theirs = session.id;
  }

  /** Somebody's session must be as they left it, and the person must still be able to sign out everywhere. */
  async audit(): Promise<void> {
    const theirs = await this.elsewhere.load(this.#theirs);
    const found = theirs?.keys().map((key) => [key, theirs.get(key)]);
    const seen = this.#visits > 0 ? { visits: this.#visits, updated: true } : {};
    const expected = { who: this.#somebody, ...STORED, ...seen };
    assert.deepEqual(found && Object.fromEntries(found), expected, "somebody else's session");
    await this.elsewhere.revokeAll(this.person);
    assert.deepEqual(await this.handles(), [], "after signing out everywhere");
    await this.elsewhere.destroy(this.#theirs);
  }

  async #save(owner: string, message?: string, lifetime?: Lifetime): Promise<string> {
    const session = this.elsewhere.create(lifetime);
    session.owner = owner;
    session.set("who", owner);
    session.set("alias", STORED.alias);
    if (message !== undefined) session.flash("notice", message);
    await session.save();
    return session.id;
  }
}
