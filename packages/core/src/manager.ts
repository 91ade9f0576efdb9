import { isHandle } from "./adapter/handle.ts";
import { KeyedQueue } from "./adapter/keyed-queue.ts";
import { anObject, checkOption, checkOptions, type Rule } from "./adapter/options.ts";
import { sessionConflict } from "./contract/errors.ts";
import type { Lifetime } from "./contract/lifetime.ts";
import type { Untyped } from "./contract/values.ts";
import { type Environment, environmentOf } from "./environment/environment.ts";
import { managerSettings, type SessionManagerOptions } from "./environment/manager-options.ts";
import { Sweeper } from "./environment/sweeper.ts";
import { unsavedSnapshot } from "./format/snapshot.ts";
import { end } from "./operations/end.ts";
import { list } from "./operations/list.ts";
import { TIME_LIMIT } from "./operations/retry-policy.ts";
import { revokeAll } from "./operations/revoke-all.ts";
import { sweep } from "./operations/sweep.ts";
import { update } from "./operations/update.ts";
import { identityOf, newIdentity } from "./policy/identity.ts";
import { LIFETIME_RULES } from "./policy/lifetime-policy.ts";
import { OWNER } from "./policy/owner.ts";
import { Session } from "./session.ts";
import { SessionState } from "./state/session-state.ts";
import { type SessionSummary, summaryOf } from "./summary.ts";

const A_SESSION: Rule = { expected: "a session", accepts: isHandle };

/**
 * Creates, finds and ends sessions in one store. `Values` and `Messages` type what sessions hold, by key
 * and by kind of message.
 */
export class SessionManager<Values extends object = Untyped, Messages extends object = Untyped> {
  readonly #env: Environment;
  readonly #sweeper: Sweeper;
  readonly #updates = new KeyedQueue({ ms: TIME_LIMIT, error: sessionConflict });

  /** @throws INVALID_OPTION for an option that cannot be meant. */
  constructor(options: SessionManagerOptions) {
    const settings = managerSettings(options);
    this.#env = environmentOf(settings);
    const interval = settings.store.sweep === undefined ? 0 : settings.sweepInterval;
    this.#sweeper = new Sweeper(() => sweep(this.#env), interval);
  }

  /**
   * A new session, with a lifetime of its own if one is given. It is stored when it is first saved.
   *
   * @throws INVALID_OPTION for a timeout that cannot be meant.
   */
  create(lifetime?: Lifetime): Session<Values, Messages> {
    const { lifetimes, random } = this.#env;
    const ownLifetime =
      lifetime === undefined ? {} : checkOptions("create", lifetime, LIFETIME_RULES);
    const createdAt = Date.now();
    const expiresAt = lifetimes.expiryOf(createdAt, ownLifetime, createdAt);
    const snapshot = unsavedSnapshot({ createdAt, expiresAt, ownLifetime });
    return new Session(new SessionState(this.#env, newIdentity(random), snapshot));
  }

  /**
   * Resolves to the session under `id`, or undefined if there is none (any more). Anything that does not
   * have the shape of an id asks the store nothing.
   *
   * @throws RECORD_CORRUPT, STORE_CLOSED or the store's error; never an empty session in its place.
   */
  load(id: string | null | undefined): Promise<Session<Values, Messages> | undefined> {
    // Not `async`: that would cost each request one more promise.
    const identity = identityOf(id);
    if (identity === undefined) return Promise.resolve(undefined);
    const { handle } = identity;
    return this.#env.tracer.trace("load", { handle }, async (event) => {
      const snapshot = await this.#env.store.load(identity);
      event.outcome = snapshot === undefined ? "miss" : "hit";
      return snapshot && new Session(new SessionState(this.#env, identity, snapshot));
    });
  }

  /**
   * Resolves to the session under `id`, or a new one with a new id: an id that a client made up is never
   * used.
   *
   * @throws as `load` does.
   */
  async open(id?: string | null): Promise<Session<Values, Messages>> {
    return (await this.load(id)) ?? this.create();
  }

  /**
   * Runs `change` on the session's newest state and saves it, and again on newer state as often as
   * another save comes between: `change` may run more than once and should do nothing else. Resolves to
   * undefined if there is no session. Calls for one id run one after another.
   *
   * @throws what `change` throws; otherwise as `session.save()` does.
   */
  async update(
    id: string | null | undefined,
    change: (session: Session<Values, Messages>) => void | Promise<void>,
  ): Promise<Session<Values, Messages> | undefined> {
    const identity = identityOf(id);
    if (identity === undefined) return undefined;
    const { handle } = identity;
    return this.#updates.run(handle, () =>
      this.#env.tracer.trace("save", { handle, outcome: "miss" }, (event) =>
        update(this.#env, identity, (state) => new Session(state), change, event),
      ),
    );
  }

  /**
   * Ends the session under `id`, even if it has got a new id meanwhile.
   *
   * @throws the store's error; then the session may still live.
   */
  async destroy(id: string | null | undefined): Promise<void> {
    const identity = identityOf(id);
    if (identity !== undefined) await end(this.#env, identity.handle);
  }

  /**
   * The live sessions, all or those of one owner, as summaries without a usable id.
   *
   * @throws NOT_SUPPORTED if the store cannot list; RECORD_CORRUPT, after all others, if records are
   * damaged; INVALID_OPTION for an owner that cannot be one.
   */
  list(owner?: string): AsyncIterable<SessionSummary<Values>> {
    if (owner !== undefined) checkOption("list", "owner", owner, OWNER);
    return this.#summaries(owner);
  }

  /**
   * Ends one session by its handle; given `owner`, only if it is theirs. Resolves to whether one was
   * ended.
   *
   * @throws INVALID_OPTION for an owner that cannot be one; the store's error.
   */
  async revoke(handle: string, options: { owner?: string } = {}): Promise<boolean> {
    const { owner } = checkOptions("revoke", options, { owner: OWNER });
    // An owner that is undefined, as when nobody is signed in, must not pass for "whoever's it is".
    if ("owner" in options) checkOption("revoke", "owner", owner, OWNER);
    return isHandle(handle) && end(this.#env, handle, { owner });
  }

  /**
   * Ends every session of `owner` except `except`, and resolves to how many: "sign out everywhere else".
   * Ends all it can before it rejects.
   *
   * @throws INVALID_OPTION; NOT_SUPPORTED if the store cannot list; RECORD_CORRUPT if damaged records may
   * be theirs; the store's error.
   */
  async revokeAll(
    owner: string,
    options: { except?: Session<Values, Messages> } = {},
  ): Promise<number> {
    checkOption("revokeAll", "owner", owner, OWNER);
    const { except } = checkOptions("revokeAll", options, { except: anObject });
    // Read once: what is checked is what is spared.
    const spared = except?.handle;
    if (except !== undefined) checkOption("revokeAll", "except", spared, A_SESSION);
    return revokeAll(this.#env, owner, spared);
  }

  /**
   * Removes expired records from the store and resolves to how many. Joins a sweep that is under way.
   *
   * @throws the store's error.
   */
  sweep(): Promise<number> {
    return this.#sweeper.sweep();
  }

  /**
   * Stops the sweeps and closes the store. Later calls reject with STORE_CLOSED.
   *
   * @throws the store's error; then `close()` may be called again.
   */
  close(): Promise<void> {
    this.#sweeper.stop();
    return this.#env.store.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async *#summaries(owner: string | undefined): AsyncGenerator<SessionSummary<Values>> {
    for await (const listed of list(this.#env, owner)) yield summaryOf(this.#env, listed);
  }
}
