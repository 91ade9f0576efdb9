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
  /** Another on the same data, as another process has it. Default: that one. */
  readonly elsewhere?: () => Store;
  readonly options?: Omit<SessionManagerOptions, "store">;
  /** Moves the clock. */
  readonly pass: (ms: number) => void;
}

let worlds = 0;

/** What one run happens in: a store with faults, a person, and somebody else. */
export class World {
  /** The person whose sessions the scenario is about; an owner. */
  readonly person: string;
  readonly store: FaultyStore;
  /** Meets the faults. */
  readonly sessions: SessionManager;
  /** Meets none: another process on the same data. */
  readonly elsewhere: SessionManager;
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
    world.#theirs = (await world.#save(world.#somebody)).id;
    return world;
  }

  /** A stored session of the person, with a message: its id. */
  async stored(lifetime: Lifetime = {}): Promise<string> {
    return (await this.#save(this.person, lifetime)).id;
  }

  /** The person's session as an object that meets the faults. */
  async held(id: string): Promise<Session> {
    return this.mine(await this.sessions.load(id));
  }

  /** The person's session as an object of another process. */
  async heldElsewhere(id: string): Promise<Session> {
    return this.mine(await this.elsewhere.load(id));
  }

  /** Passes where it is the person's session: not none, not a new one, not another's. */
  mine(session: Session | undefined): Session {
    assert.ok(session, "the session must be there");
    assert.equal(session.get("who"), this.person, "it must be the person's");
    return session;
  }

  /** What is stored under `id`, by key; undefined where there is no session. */
  async values(id: string): Promise<Record<string, unknown> | undefined> {
    const session = await this.elsewhere.load(id);
    return session && Object.fromEntries(session.keys().map((key) => [key, session.get(key)]));
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

  /** While a call of another session hangs, everything works for this one. */
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

  /** Somebody's session is as they left it, and the person can still sign out everywhere. */
  async audit(): Promise<void> {
    const seen = this.#visits > 0 ? { visits: this.#visits, updated: true } : {};
    const expected = { who: this.#somebody, alias: "GoTamer", ...seen };
    assert.deepEqual(await this.values(this.#theirs), expected, "somebody else's session");
    await this.elsewhere.revokeAll(this.person);
    assert.deepEqual(await this.handles(), [], "after signing out everywhere");
    await this.elsewhere.destroy(this.#theirs);
  }

  async #save(owner: string, lifetime: Lifetime = {}): Promise<Session> {
    const session = this.elsewhere.create(lifetime);
    session.owner = owner;
    session.set("who", owner);
    session.set("alias", "GoTamer");
    if (owner === this.person) session.flash("notice", "hello");
    await session.save();
    return session;
  }
}
