import { checkOption } from "./adapter/options.ts";
import { SessionError } from "./contract/errors.ts";
import type { SessionEvent } from "./contract/events.ts";
import type { Key, Untyped } from "./contract/values.ts";
import { destroy } from "./operations/destroy.ts";
import { isStored, refresh } from "./operations/refresh.ts";
import { type RegenerateOptions, regenerate } from "./operations/regenerate.ts";
import { save } from "./operations/save.ts";
import { takeFlash, takeFlashInTransaction } from "./operations/take-flash.ts";
import { OWNER } from "./policy/owner.ts";
import type { SessionState } from "./state/session-state.ts";

/**
 * One access to a session: its values as stored, under this object's changes until they are saved. The
 * calls on one object that reach the store run one after another.
 */
export class Session<Values extends object = Untyped, Messages extends object = Untyped> {
  readonly #state: SessionState;
  /** The newest call that reaches the store, done or not. */
  #lastCall: Promise<unknown> | undefined;

  /** @internal */
  constructor(state: SessionState) {
    this.#state = state;
  }

  /** The secret that the client holds, 43 characters. Changes on `regenerate()`. */
  get id(): string {
    return this.#state.identity.id;
  }

  /** What stores, lists and logs see: `~` and the SHA-256 of the id in base64url. Safe to show. */
  get handle(): string {
    return this.#state.identity.handle;
  }

  /** Whether it is not in the store yet. */
  get isNew(): boolean {
    return this.#state.isNew;
  }

  get createdAt(): Date {
    return new Date(this.#state.snapshot.record.createdAt);
  }

  /** When it ends, unless it is saved or touched before. */
  get expiresAt(): Date {
    return new Date(this.#state.snapshot.record.expiresAt);
  }

  /**
   * Whose session this is, for `list` and `revokeAll`: 1 to 255 bytes of UTF-8, without NUL. Setting it
   * counts as a change, so set it only when it changes.
   */
  get owner(): string | undefined {
    return this.#state.owner;
  }

  /** @throws INVALID_OPTION for anything else; SESSION_DESTROYED after `destroy()`. */
  set owner(owner: string | undefined) {
    if (owner !== undefined) checkOption("Session", "owner", owner, OWNER);
    this.#state.changeOwner(owner);
  }

  /**
   * The value under `key`, or undefined. A value that is changed in place is noticed when the session is
   * saved.
   *
   * @throws RECORD_CORRUPT if the stored text cannot be decoded.
   */
  get<K extends Key<Values>>(key: K): Values[K] | undefined;
  get(key: string): unknown {
    return this.#state.get(key);
  }

  /**
   * Sets a value. It is checked at once and kept by reference: what it contains when the session is saved
   * is what is saved.
   *
   * @throws VALUE_NOT_SERIALIZABLE if the codec cannot carry it unaltered; SESSION_DESTROYED after
   * `destroy()`.
   */
  set<K extends Key<Values>>(key: K, value: Required<Values>[K]): void {
    this.#state.set(key, value);
  }

  has(key: Key<Values>): boolean {
    return this.#state.has(key);
  }

  /**
   * Removes a value and returns whether there was one.
   *
   * @throws SESSION_DESTROYED after `destroy()`.
   */
  delete(key: Key<Values>): boolean {
    return this.#state.delete(key);
  }

  /**
   * Removes every value that is stored when the session is saved. Flash messages and the owner stay.
   *
   * @throws SESSION_DESTROYED after `destroy()`.
   */
  clear(): void {
    this.#state.clear();
  }

  keys(): Key<Values>[];
  keys(): string[] {
    return this.#state.keys();
  }

  /**
   * Gets a value and removes it: in this object at once, in the store when it is saved.
   *
   * @throws RECORD_CORRUPT as `get` does; SESSION_DESTROYED after `destroy()`.
   */
  pop<K extends Key<Values>>(key: K): Values[K] | undefined {
    const value = this.get(key);
    this.delete(key);
    return value;
  }

  /**
   * Queues a flash message, which lasts until it is read.
   *
   * @throws VALUE_NOT_SERIALIZABLE if the codec cannot carry it unaltered; SESSION_DESTROYED after
   * `destroy()`.
   */
  flash<K extends Key<Messages>>(kind: K, message: Required<Messages>[K]): void {
    this.#state.flash(kind, message);
  }

  /**
   * Resolves to the messages of a kind, oldest first. They are removed in the store before they are
   * returned: of any number of parallel readers, one gets each. Other unsaved changes stay unsaved.
   *
   * @throws SESSION_DESTROYED if there were messages and the session has ended; otherwise as `save()`.
   */
  takeFlash<K extends Key<Messages>>(kind: K): Promise<Required<Messages>[K][]>;
  takeFlash(kind: string): Promise<unknown[]> {
    const state = this.#state;
    if (state.isInTransaction) return takeFlashInTransaction(state, kind);
    return this.#writing((event) => takeFlash(state, kind, event));
  }

  /**
   * Saves what has changed; call it at the end of each access. If another save came between, the changes
   * are laid over its result. A session that has not changed is extended, if that is due.
   *
   * @throws SESSION_DESTROYED if the session has ended; SESSION_CONFLICT if others keep changing it;
   * DATA_TOO_LARGE; VALUE_NOT_SERIALIZABLE; the store's error.
   */
  save(): Promise<void> {
    return this.#writing((event) => save(this.#state, event));
  }

  /**
   * Puts the newest stored state under this object's unsaved changes. Does nothing to a new session.
   *
   * @throws SESSION_DESTROYED if the session has ended; the store's error.
   */
  reload(): Promise<void> {
    return this.#afterEarlierCalls(async () => {
      if (await isStored(this.#state)) await refresh(this.#state);
    });
  }

  /**
   * Gives the session a new id, saves it with all its values, and ends the old id. Call it after a
   * sign-in, a sign-out, any change of privilege (OWASP).
   *
   * @throws INVALID_OPTION; otherwise as `save()`.
   */
  regenerate(options: RegenerateOptions = {}): Promise<void> {
    return this.#writing((event) => regenerate(this.#state, options, event));
  }

  /**
   * Ends the session everywhere. This object is empty afterwards and takes no more changes.
   *
   * @throws the store's error; then the session may still live.
   */
  destroy(): Promise<void> {
    return this.#afterEarlierCalls(() => destroy(this.#state));
  }

  #writing<Result>(task: (event: SessionEvent) => Promise<Result>): Promise<Result> {
    const { tracer } = this.#state.env;
    return this.#afterEarlierCalls(() =>
      tracer.trace("save", { handle: this.handle, outcome: "unchanged" }, task),
    );
  }

  /** Runs `task` when the calls before it are done, however they ended; the first one at once. */
  #afterEarlierCalls<Result>(task: () => Promise<Result>): Promise<Result> {
    if (this.#state.isInTransaction) {
      return Promise.reject(
        new SessionError("NOT_SUPPORTED", "update() saves the session itself."),
      );
    }
    const call = this.#lastCall ? this.#lastCall.then(task, task) : task();
    this.#lastCall = call;
    return call;
  }
}
