import { trace } from "./contract/diagnostics.ts";
import type { Untyped } from "./contract/values.ts";
import type { Environment } from "./environment.ts";
import { blank } from "./format/snapshot.ts";
import { identityOf, isHandle, newIdentity } from "./identity.ts";
import { LIFETIME, type Lifetime } from "./lifetime.ts";
import { end } from "./operations/end.ts";
import { list } from "./operations/list.ts";
import { revokeAll } from "./operations/revoke-all.ts";
import { sweep } from "./operations/sweep.ts";
import { turns } from "./operations/turns.ts";
import { update } from "./operations/update.ts";
import { checked, mustBe, OBJECT, type Rule } from "./options.ts";
import { OWNER } from "./owner.ts";
import { randomSource } from "./random.ts";
import { Records } from "./records.ts";
import { Session } from "./session.ts";
import { type SessionManagerOptions, settingsOf } from "./settings.ts";
import { SessionState } from "./state/session-state.ts";
import type { SessionSummary } from "./summary.ts";
import { type Sweeper, sweeper } from "./sweeper.ts";

const SESSION: Rule = ["a session", isHandle];

/**
 * Creates, finds and ends sessions in one store. `Values` and `Messages` type what sessions hold, by
 * key and by kind. Throws INVALID_OPTION for options that cannot be meant.
 */
export class SessionManager<Values extends object = Untyped, Messages extends object = Untyped> {
  readonly #env: Environment;
  readonly #sweeper: Sweeper;
  readonly #takeTurns = turns();

  constructor(options: SessionManagerOptions) {
    const settings = settingsOf(options);
    const records = new Records(settings);
    const interval = settings.store.sweep ? settings.sweepInterval : 0;
    this.#env = { ...settings, random: randomSource(), records };
    this.#sweeper = sweeper(() => sweep(records), interval);
  }

  /** A new session, with a lifetime of its own where one is given; stored when it is first saved. */
  create(lifetime: Lifetime = {}): Session<Values, Messages> {
    const env = this.#env;
    const now = Date.now();
    const snapshot = blank(env, now, checked(lifetime, LIFETIME), now);
    return new Session(new SessionState(env, newIdentity(env.random), snapshot));
  }

  /**
   * The session under `id`; undefined where there is none (any more). What has not the shape of an
   * id asks the store nothing. Rejects with RECORD_CORRUPT or the store's error, never with an empty
   * session in its place.
   */
  load(id: string | null | undefined): Promise<Session<Values, Messages> | undefined> {
    return this.#find(id, () => undefined);
  }

  /** The session under `id`, or a new one with a new id: an id that a client made up is never used. */
  open(id?: string | null): Promise<Session<Values, Messages>> {
    return this.#find(id, () => this.create());
  }

  /**
   * Runs `change` on the session's newest state and saves it, again on newer state as often as
   * another save comes between; so `change` may run more than once and should do nothing else.
   * Resolves to undefined where there is no session. Calls for one id take turns.
   */
  async update(
    id: string | null | undefined,
    change: (session: Session<Values, Messages>) => void | Promise<void>,
  ): Promise<Session<Values, Messages> | undefined> {
    const identity = identityOf(id);
    if (!identity) return undefined;
    const { handle } = identity;
    return this.#takeTurns(handle, () =>
      trace("save", { handle, outcome: "miss" }, (event) =>
        update(this.#env, identity, (state) => new Session(state), change, event),
      ),
    );
  }

  /** Ends the session under `id`, also where it has got a new id meanwhile. */
  async destroy(id: string | null | undefined): Promise<void> {
    const identity = identityOf(id);
    if (identity) await end(this.#env, identity.handle);
  }

  /**
   * The live sessions, all or those of one owner, as summaries without a usable id. Rejects with
   * NOT_SUPPORTED where the store cannot list; with RECORD_CORRUPT, after all others, where a record
   * is damaged.
   */
  list(owner?: string): AsyncIterable<SessionSummary<Values>> {
    if (owner !== undefined) mustBe(OWNER, "owner", owner);
    return list<Values>(this.#env, owner);
  }

  /** Ends one session by its handle; with `owner`, only if it is theirs. Whether one was ended. */
  async revoke(handle: string, options: { owner?: string } = {}): Promise<boolean> {
    const { owner } = checked(options, { owner: OWNER });
    // An owner that is undefined, as where nobody is signed in, must not pass for none.
    if ("owner" in options) mustBe(OWNER, "owner", owner);
    return isHandle(handle) && end(this.#env, handle, owner);
  }

  /**
   * Ends every session of `owner`, but not `except`, and resolves to how many: "sign out everywhere
   * else". Ends all it can before it rejects.
   */
  async revokeAll(
    owner: string,
    options: { except?: Session<Values, Messages> } = {},
  ): Promise<number> {
    mustBe(OWNER, "owner", owner);
    const { except } = checked(options, { except: OBJECT });
    // Read once: what is checked is what is spared.
    const spared = except?.handle;
    if (except) mustBe(SESSION, "except", spared);
    return revokeAll(this.#env, owner, spared);
  }

  /** Removes expired records from the store and resolves to how many. Joins a running sweep. */
  sweep(): Promise<number> {
    return this.#sweeper.sweep();
  }

  /** Stops the sweeps and closes the store. Calls afterwards reject with STORE_CLOSED. */
  close(): Promise<void> {
    this.#sweeper.stop();
    return this.#env.records.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** The session under `id`, or what `none` returns. Not `async`, which is a promise more on every way. */
  #find<None>(id: unknown, none: () => None): Promise<Session<Values, Messages> | None> {
    const identity = identityOf(id);
    if (!identity) return Promise.resolve().then(none);
    const env = this.#env;
    const { handle } = identity;
    return trace("load", { handle }, (event) =>
      env.records.load(identity, (snapshot) => {
        event.outcome = snapshot ? "hit" : "miss";
        return snapshot ? new Session(new SessionState(env, identity, snapshot)) : none();
      }),
    );
  }
}
