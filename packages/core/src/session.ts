import { checkOption } from "./adapter/options.ts";
import type { RegenerateEvent, SessionEvent } from "./contract/events.ts";
import type { Lifetime } from "./contract/lifetime.ts";
import type { Key, Untyped } from "./contract/values.ts";
import { refresh } from "./operations/attempt.ts";
import { CallQueue } from "./operations/call-queue.ts";
import { destroy } from "./operations/destroy.ts";
import { type RegenerateOptions, regenerate } from "./operations/regenerate.ts";
import { needsSave, save } from "./operations/save.ts";
import { takeFlash, takeFlashInTransaction } from "./operations/take-flash.ts";
import { checkChange, update } from "./operations/update.ts";
import { closeClass } from "./policy/closed-class.ts";
import { OWNER } from "./policy/owner.ts";
import type { SessionState } from "./state/session-state.ts";

/** A session of any values and messages, for helpers that take every kind. */
// biome-ignore lint/suspicious/noExplicitAny: nothing else admits sessions of every shape.
export type AnySession = Session<any, any>;

/** Not `inspect.custom` of node:util, so that every runtime knows it. */
const inspection = Symbol.for("nodejs.util.inspect.custom");

/**
 * One access to a session: its values as stored, under this object's changes until they are saved. The
 * calls on one object that reach the store run one after another.
 */
export class Session<Values extends object = Untyped, Messages extends object = Untyped> {
  readonly #state: SessionState;
  readonly #calls: CallQueue;

  /** @internal */
  constructor(state: SessionState) {
    this.#state = state;
    this.#calls = new CallQueue(state);
  }

  /** @internal The handle of its first id; undefined for what is no session of this copy of core. */
  static rootOf(session: object): string | undefined {
    return #state in session ? session.#state.root : undefined;
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

  /** Whether `destroy()` has ended it on this object. */
  get isDestroyed(): boolean {
    return this.#state.isDestroyed;
  }

  /** Whether anything has been changed here that is not known to be saved. */
  get hasUnsavedChanges(): boolean {
    return !this.#state.isDestroyed && this.#state.hasUnsavedChanges;
  }

  /** Whether `save()` would ask the store for something, as far as that is known without asking it. */
  get needsSave(): boolean {
    return needsSave(this.#state);
  }

  get createdAt(): Date {
    return new Date(this.#state.snapshot.record.createdAt);
  }

  /** When it ends, unless it is saved or touched before. */
  get expiresAt(): Date {
    return new Date(this.#state.snapshot.record.expiresAt);
  }

  /** The timeouts that apply to this session, in ms: its own, or the manager's. */
  get lifetime(): Required<Lifetime> {
    const { env, snapshot } = this.#state;
    return env.lifetimes.lifetimeOf(snapshot.ownLifetime);
  }

  /** Whether a timeout was set for this session alone ("remember me"). */
  get hasOwnLifetime(): boolean {
    const { idleTimeout, absoluteTimeout } = this.#state.snapshot.ownLifetime;
    return idleTimeout !== undefined || absoluteTimeout !== undefined;
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
   * is what is saved. Whether the session is too large shows then, too.
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
   * @throws VALUE_NOT_SERIALIZABLE if the codec cannot carry it unaltered; DATA_TOO_LARGE if it alone
   * takes more than `maxBytes`; SESSION_DESTROYED after `destroy()`.
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
    return this.#writing("takeFlash", undefined, (event) => takeFlash(state, kind, event));
  }

  /**
   * Saves what has changed over the newest stored state; call it at the end of each access. A session
   * that has not changed is extended, if that is due. For the same key the later save wins: to change a
   * value by what it was, use `update()`.
   *
   * @throws SESSION_DESTROYED if the session has ended; SESSION_CONFLICT if others keep changing it, or
   * an object was changed that newer values have replaced; DATA_TOO_LARGE; VALUE_NOT_SERIALIZABLE; the
   * store's error. After an error of unknown outcome, saving again is safe.
   */
  save(callback?: never): Promise<void> {
    return this.#writing("save", callback, (event) => save(this.#state, event));
  }

  /**
   * A transaction on this session: runs `change` on the state as last seen under this object's unsaved
   * changes, and saves both together or neither. If the save is refused because another came between,
   * `change` runs again on newer state, so it should do nothing else. It gets a session object of its
   * own, which saves by itself.
   *
   * @throws what `change` throws; otherwise as `save()`.
   */
  update(change: (session: Session<Values, Messages>) => void | Promise<void>): Promise<void> {
    const state = this.#state;
    const changed = (transaction: SessionState) =>
      this.#calls.change(async () => change(new Session<Values, Messages>(transaction)));
    return this.#writing("update", undefined, async (event) => {
      checkChange(change);
      await state.env.updates.run(this.handle, (turn) => update(state, turn, changed, event));
    });
  }

  /**
   * Puts the newest stored state under this object's unsaved changes. Does nothing to a new session.
   *
   * @throws SESSION_DESTROYED if the session has ended; the store's error.
   */
  reload(callback?: never): Promise<void> {
    return this.#calls.run("reload", callback, async () => {
      this.#state.assertOpen();
      await refresh(this.#state);
    });
  }

  /**
   * Gives the session a new id, saves it with all its values, and ends the old id. Call it after a
   * sign-in, a sign-out, any change of privilege (OWASP).
   *
   * @throws INVALID_OPTION; otherwise as `save()`.
   */
  regenerate(options: RegenerateOptions = {}): Promise<void> {
    return this.#calls.run("regenerate", options, () => {
      const event: RegenerateEvent = { handle: this.handle, outcome: "unchanged" };
      return this.#state.env.tracer.trace("regenerate", event, async () => {
        await regenerate(this.#state, options, event);
        event.newHandle = this.handle;
      });
    });
  }

  /**
   * Ends the session everywhere. This object is empty afterwards and takes no more changes.
   *
   * @throws the store's error; then the session may still live.
   */
  destroy(callback?: never): Promise<void> {
    return this.#calls.run("destroy", callback, () => destroy(this.#state));
  }

  /** What `console.log` shows. With `getters`, it would otherwise show the id. */
  [inspection](): string {
    return `Session { handle: '${this.handle}', isNew: ${this.isNew}, isDestroyed: ${this.isDestroyed} }`;
  }

  #writing<Result>(
    method: string,
    argument: unknown,
    task: (event: SessionEvent) => Promise<Result>,
  ): Promise<Result> {
    const { tracer } = this.#state.env;
    return this.#calls.run(method, argument, () =>
      tracer.trace("save", { handle: this.handle, outcome: "unchanged" }, task),
    );
  }
}

closeClass(Session.prototype);
