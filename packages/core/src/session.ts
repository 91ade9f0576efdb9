import { type SessionEvent, trace } from "./contract/diagnostics.ts";
import { SessionError } from "./contract/errors.ts";
import type { Key, Untyped } from "./contract/values.ts";
import { destroy } from "./operations/destroy.ts";
import { type RegenerateOptions, regenerate } from "./operations/regenerate.ts";
import { isStored, refresh, save } from "./operations/save.ts";
import { takeFlash } from "./operations/take-flash.ts";
import { mustBe } from "./options.ts";
import { OWNER } from "./owner.ts";
import type { SessionState } from "./state/session-state.ts";

/**
 * One access to a session: its values as stored, with this object's changes over them until they are
 * saved. Calls on one object that reach the store are carried out one after another.
 */
export class Session<Values extends object = Untyped, Messages extends object = Untyped> {
  readonly #state: SessionState;
  /** The last call that reaches the store, however it ended. */
  #last: Promise<unknown> | undefined;

  /** @internal */
  constructor(state: SessionState) {
    this.#state = state;
  }

  /** The secret that the client holds, 43 characters; another one after `regenerate()`. */
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

  /** When it ends unless it is saved or touched before. */
  get expiresAt(): Date {
    return new Date(this.#state.snapshot.record.expiresAt);
  }

  /**
   * Whose session this is, for `list` and `revokeAll`: 1 to 255 bytes of UTF-8, without NUL. To set it
   * counts as a change, so set it where it changes.
   */
  get owner(): string | undefined {
    return this.#state.owner;
  }

  set owner(owner: string | undefined) {
    if (owner !== undefined) mustBe(OWNER, "owner", owner);
    this.#state.open.owner = owner;
  }

  /**
   * The value under `key`, or undefined. A value changed in place is noticed when the session is
   * saved. Throws RECORD_CORRUPT where the stored text cannot be decoded.
   */
  get<K extends Key<Values>>(key: K): Values[K] | undefined;
  get(key: string): unknown {
    return this.#state.get(key);
  }

  /**
   * Sets a value. It is checked at once and kept by reference: what it holds when saved is what is
   * saved. Throws VALUE_NOT_SERIALIZABLE for what the codec cannot carry unaltered.
   */
  set<K extends Key<Values>>(key: K, value: Required<Values>[K]): void {
    this.#state.open.set(key, value);
  }

  has(key: Key<Values>): boolean {
    return this.#state.has(key);
  }

  /** Removes a value; whether there was one. */
  delete(key: Key<Values>): boolean {
    return this.#state.open.delete(key);
  }

  /** Removes every value that is stored when the session is saved. Messages and the owner stay. */
  clear(): void {
    this.#state.open.clear();
  }

  keys(): Key<Values>[];
  keys(): string[] {
    return this.#state.keys();
  }

  /** Gets a value and removes it: in this object, until it is saved. */
  pop<K extends Key<Values>>(key: K): Values[K] | undefined {
    const value = this.get(key);
    this.delete(key);
    return value;
  }

  /** Queues a message that lasts until it is read. Throws VALUE_NOT_SERIALIZABLE. */
  flash<K extends Key<Messages>>(kind: K, message: Required<Messages>[K]): void {
    this.#state.open.flash(kind, message);
  }

  /**
   * The messages of a kind, oldest first, removed in the store before they are returned: of any
   * number of parallel readers one gets each. Other unsaved changes stay unsaved. Rejects with
   * SESSION_DESTROYED where there were messages and the session has ended.
   */
  takeFlash<K extends Key<Messages>>(kind: K): Promise<Required<Messages>[K][]>;
  takeFlash(kind: string): Promise<unknown[]> {
    if (this.#state.phase === "updating") return takeFlash(this.#state, kind);
    return this.#write((event) => takeFlash(this.#state, kind, event));
  }

  /**
   * To be called at the end of each access. Saves what changed over the newest stored state; an
   * unchanged session is extended when that is due. Rejects with SESSION_DESTROYED where the session
   * has ended, SESSION_CONFLICT where others keep changing it, DATA_TOO_LARGE,
   * VALUE_NOT_SERIALIZABLE, or the store's error.
   */
  save(): Promise<void> {
    return this.#write((event) => save(this.#state, event));
  }

  /** Puts the newest stored state under this object's unsaved changes. A new session has none. */
  reload(): Promise<void> {
    return this.#turn(async () => {
      if (await isStored(this.#state)) await refresh(this.#state);
    });
  }

  /**
   * Gives the session a new id, saves it with all its values, and ends the old id: after a sign-in,
   * a sign-out, any change of privilege. Rejects as `save()` does.
   */
  regenerate(options: RegenerateOptions = {}): Promise<void> {
    return this.#write((event) => regenerate(this.#state, options, event));
  }

  /** Ends the session everywhere. This object is empty afterwards and takes no more changes. */
  destroy(): Promise<void> {
    return this.#turn(() => destroy(this.#state));
  }

  #write<T>(task: (event: SessionEvent) => Promise<T>): Promise<T> {
    return this.#turn(() => trace("save", { handle: this.handle, outcome: "unchanged" }, task));
  }

  /** Runs `task` when the calls before it are done, however they ended; the first one at once. */
  #turn<T>(task: () => Promise<T>): Promise<T> {
    if (this.#state.phase === "updating") {
      return Promise.reject(
        new SessionError("NOT_SUPPORTED", "update() saves the session itself."),
      );
    }
    const turn = this.#last ? this.#last.then(task, task) : task();
    this.#last = turn;
    return turn;
  }
}
