import { isHandle } from "./adapter/handle.ts";
import { anObject, checkOption, checkOptions, type Rule } from "./adapter/options.ts";
import { isDestroyed, SessionError } from "./contract/errors.ts";
import type { SessionEvent } from "./contract/events.ts";
import type { Lifetime } from "./contract/lifetime.ts";
import type { Untyped } from "./contract/values.ts";
import { type Environment, environmentOf } from "./environment/environment.ts";
import { managerSettings, type SessionManagerOptions } from "./environment/manager-options.ts";
import { Sweeper } from "./environment/sweeper.ts";
import type { UpdateTurn } from "./environment/update-turns.ts";
import { unsavedSnapshot } from "./format/snapshot.ts";
import { end } from "./operations/end.ts";
import { list } from "./operations/list.ts";
import { lookup } from "./operations/lookup.ts";
import { revokeAll } from "./operations/revoke-all.ts";
import { sweep } from "./operations/sweep.ts";
import { checkChange, update } from "./operations/update.ts";
import { assertNoCallback, noSession, TEXT_OR_NONE } from "./policy/call-arguments.ts";
import { type Identity, identityOf, newIdentity } from "./policy/identity.ts";
import { LIFETIME_RULES } from "./policy/lifetime-policy.ts";
import { OWNER } from "./policy/owner.ts";
import { Session } from "./session.ts";
import { SessionState } from "./state/session-state.ts";
import { type SessionSummary, summaryOf } from "./summary.ts";

/** What is under an id, for transports. */
export type Lookup<Session> =
  | { readonly status: "live"; readonly session: Session }
  /** It got a new id less than a minute ago, which this caller does not know; later it is "unknown". */
  | { readonly status: "moved"; readonly movedAt: Date }
  | { readonly status: "unknown" };

const A_SESSION: Rule = { expected: "a session", accepts: isHandle };

/**
 * Creates, finds and ends sessions in one store. `Values` and `Messages` type what sessions hold, by key
 * and by kind of message.
 */
export class SessionManager<Values extends object = Untyped, Messages extends object = Untyped> {
  readonly #env: Environment;
  readonly #sweeper: Sweeper;

  /** @throws INVALID_OPTION for an option that cannot be meant. */
  constructor(options: SessionManagerOptions) {
    const settings = managerSettings(options);
    this.#env = environmentOf(settings);
    this.#env.unitWarning.check(settings);
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
    const ownLifetime = lifetime === undefined ? {} : this.#checkedLifetime(lifetime);
    const createdAt = Date.now();
    const expiresAt = lifetimes.expiryOf(createdAt, ownLifetime, createdAt);
    const snapshot = unsavedSnapshot({ createdAt, expiresAt, ownLifetime });
    return new Session(new SessionState(this.#env, newIdentity(random), snapshot));
  }

  /**
   * Resolves to the session under `id`, or undefined if there is none (any more). A string of another
   * shape, null and undefined find nothing and ask the store nothing.
   *
   * @throws INVALID_OPTION for an id of another type; RECORD_CORRUPT, STORE_CLOSED or the store's error;
   * never an empty session in its place; NOT_SUPPORTED for a callback.
   */
  load(
    id: string | null | undefined,
    callback?: never,
  ): Promise<Session<Values, Messages> | undefined> {
    // Not `async`: that would cost each request one more promise.
    const identity = identityOf(id);
    if (identity === undefined || typeof callback === "function") {
      return noSession(id, "load", callback);
    }
    const { handle } = identity;
    return this.#running(() =>
      this.#env.tracer.trace("load", { handle }, async (event) => {
        const snapshot = await this.#env.store.load(identity);
        event.outcome = snapshot === undefined ? "miss" : "hit";
        return snapshot && new Session(new SessionState(this.#env, identity, snapshot));
      }),
    );
  }

  /**
   * Resolves to the session under `id`, or a new one with a new id: an id that a client made up is never
   * used.
   *
   * @throws as `load` does.
   */
  async open(id?: string | null, callback?: never): Promise<Session<Values, Messages>> {
    return (await this.load(id, callback)) ?? this.create();
  }

  /**
   * What is under `id`, for transports: a client that still sends an id from before a sign-in must not be
   * taken for a stranger.
   *
   * @throws as `load` does.
   */
  async lookup(id: string | null | undefined): Promise<Lookup<Session<Values, Messages>>> {
    const identity = identityOf(id);
    if (identity === undefined) {
      await noSession(id, "lookup");
      return { status: "unknown" };
    }
    const { handle } = identity;
    const found = await this.#running(() =>
      this.#env.tracer.trace("load", { handle }, (event) => lookup(this.#env, identity, event)),
    );
    if (found.status !== "live") return found;
    const session = new Session<Values, Messages>(
      new SessionState(this.#env, identity, found.snapshot),
    );
    return { status: "live", session };
  }

  /**
   * Loads the session under `id` and runs `session.update(change)` on it, for callers that hold no
   * session. Resolves to the session as saved, or to undefined if there is none.
   *
   * @throws what `change` throws; otherwise as `load` and `session.save()`.
   */
  async update(
    id: string | null | undefined,
    change: (session: Session<Values, Messages>) => void | Promise<void>,
  ): Promise<Session<Values, Messages> | undefined> {
    const identity = identityOf(id);
    if (identity !== undefined && this.#env.runningChanges.isRunning(identity.handle)) {
      throw new SessionError(
        "NOT_SUPPORTED",
        "update() cannot be called inside an update() of the same session. Change the session that it passes to your function.",
      );
    }
    if (identity === undefined) return noSession(id, "update");
    const { handle } = identity;
    const { tracer, updates } = this.#env;
    return this.#running(() =>
      updates.run(handle, (turn) =>
        tracer.trace("save", { handle, outcome: "miss" }, (event) =>
          this.#update(identity, turn, change, event),
        ),
      ),
    );
  }

  /**
   * Ends the session under `id`, even if it has got a new id meanwhile.
   *
   * @throws the store's error; then the session may still live.
   */
  async destroy(id: string | null | undefined, callback?: never): Promise<void> {
    const identity = identityOf(id);
    if (identity === undefined || typeof callback === "function") {
      await noSession(id, "destroy", callback);
    } else await this.#running(() => end(this.#env, identity.handle));
  }

  /**
   * The live sessions, all or those of one owner, as summaries without a usable id.
   *
   * @throws NOT_SUPPORTED if the store cannot list; RECORD_CORRUPT, after all others, if records are
   * damaged; INVALID_OPTION for an owner that cannot be one, an explicit undefined included.
   */
  list(...owner: [] | [owner: string]): AsyncIterable<SessionSummary<Values>> {
    // `list(session.owner)` of a visitor must not list everybody.
    if (owner.length > 0) checkOption("list", "owner", owner[0], OWNER);
    return this.#summaries(owner[0]);
  }

  /**
   * Ends one session by its handle; given `owner`, only if it is theirs. Resolves to whether one was
   * ended. A string of another shape, null and undefined end nothing.
   *
   * @throws INVALID_OPTION for an owner that cannot be one, an explicit undefined included, and a handle
   * of another type; the store's error.
   */
  async revoke(handle: string, options: { owner?: string } = {}): Promise<boolean> {
    const { owner } = checkOptions("revoke", options, { owner: OWNER });
    // An owner that is undefined, as when nobody is signed in, must not pass for "whoever's it is".
    if ("owner" in options) checkOption("revoke", "owner", owner, OWNER);
    checkOption("revoke", "handle", handle, TEXT_OR_NONE);
    return isHandle(handle) && this.#running(() => end(this.#env, handle, { owner }));
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
    const excepted = except && { handle: except.handle, root: Session.rootOf(except) };
    if (excepted !== undefined) checkOption("revokeAll", "except", excepted.handle, A_SESSION);
    return this.#running(() => revokeAll(this.#env, owner, excepted));
  }

  /**
   * Removes expired records from the store and resolves to how many. Joins a sweep that is under way.
   *
   * @throws the store's error.
   */
  async sweep(callback?: never): Promise<number> {
    assertNoCallback("sweep", callback);
    return this.#running(() => this.#sweeper.sweep());
  }

  /**
   * Stops the sweeps and closes the store, once the calls that were made before are done, those of
   * session objects included. Later calls reject with STORE_CLOSED.
   *
   * @throws the store's error; then `close()` may be called again.
   */
  async close(callback?: never): Promise<void> {
    assertNoCallback("close", callback);
    this.#sweeper.stop();
    const { operations, store } = this.#env;
    return operations.close(() => store.close());
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #update(
    identity: Identity,
    turn: UpdateTurn,
    change: (session: Session<Values, Messages>) => void | Promise<void>,
    event: SessionEvent,
  ): Promise<Session<Values, Messages> | undefined> {
    checkChange(change);
    const snapshot = await this.#env.store.load(identity);
    if (snapshot === undefined) return undefined;
    const state = new SessionState(this.#env, identity, snapshot);
    try {
      await update(state, turn, (transaction) => change(new Session(transaction)), event);
    } catch (error) {
      if (isDestroyed(error)) return undefined;
      throw error;
    }
    return new Session(state);
  }

  #checkedLifetime(lifetime: Lifetime): Lifetime {
    const checked = checkOptions("create", lifetime, LIFETIME_RULES);
    this.#env.unitWarning.check(checked);
    return checked;
  }

  /** Has `close()` wait for a call. */
  #running<Result>(call: () => Promise<Result>): Promise<Result> {
    const { operations } = this.#env;
    try {
      operations.assertOpen();
    } catch (error) {
      return Promise.reject(error);
    }
    const result = call();
    operations.track(result);
    return result;
  }

  async *#summaries(owner: string | undefined): AsyncGenerator<SessionSummary<Values>> {
    this.#env.operations.assertOpen();
    for await (const listed of list(this.#env, owner)) yield summaryOf(this.#env, listed);
  }
}
