import { SessionError } from "./errors.ts";
import { decode } from "./format/record-format.ts";
import type { Snapshot } from "./format/snapshot.ts";
import type { Identity } from "./identity.ts";
import type { Settings } from "./settings.ts";
import type { SessionRecord, Store } from "./store.ts";

/** The store as core uses it: errors of one class, closed after `close()`, policy on what it finds. */
export class Records {
  readonly #store: Store;
  readonly #settings: Settings;
  #isClosed = false;
  #closing: Promise<void> | undefined;

  constructor(store: Store, settings: Settings) {
    this.#store = store;
    this.#settings = settings;
  }

  /** The record as it is stored, a marker of a session that moved on included. */
  fetch(handle: string): Promise<SessionRecord | undefined> {
    return this.#call("load", (store) => store.load(handle));
  }

  /**
   * The session's newest state, or what `use` makes of it; undefined where there is no session under
   * this id (any more).
   */
  load(identity: Identity): Promise<Snapshot | undefined>;
  load<T>(identity: Identity, use: (snapshot: Snapshot | undefined) => T): Promise<T>;
  load(identity: Identity, use = (snapshot: Snapshot | undefined): unknown => snapshot) {
    return this.#call(
      "load",
      (store) => store.load(identity.handle),
      (record) => use(record && this.read(record, identity)),
    );
  }

  /** The state that `record` holds; undefined where it is no session's (any more). */
  read(record: SessionRecord, identity?: Identity): Snapshot | undefined {
    const snapshot = decode(this.#settings, record, identity);
    return snapshot && this.#settings.lifetime.isLive(snapshot) ? snapshot : undefined;
  }

  save(handle: string, record: SessionRecord): Promise<boolean> {
    return this.#call("save", (store) => store.save(handle, record));
  }

  delete(handle: string, revision?: number): Promise<boolean> {
    return this.#call("delete", (store) => store.delete(handle, revision));
  }

  /** Undefined where the store has no `touch`. */
  touch(handle: string, expiresAt: number, revision: number): Promise<boolean | undefined> {
    return this.#call("touch", (store) => store.touch?.(handle, expiresAt, revision));
  }

  sweep(): Promise<number> {
    return this.#call("sweep", (store) => store.sweep?.() ?? 0);
  }

  /** All records, markers included, or those of one owner. */
  async *list(owner?: string): AsyncGenerator<readonly [string, SessionRecord]> {
    const store = this.#open;
    if (!store.list) throw new SessionError("NOT_SUPPORTED", "The store has no list().");
    try {
      yield* store.list(owner);
    } catch (error) {
      throw failure("list", error);
    }
  }

  close(): Promise<void> {
    this.#isClosed = true;
    this.#closing ??= (async () => this.#store.close?.())().catch((error: unknown) => {
      // What the store holds is still open: the next close() tries again.
      this.#closing = undefined;
      throw failure("close", error);
    });
    return this.#closing;
  }

  /** `read` makes of the store's answer what the caller gets. */
  #call<T>(verb: string, task: (store: Store) => Promise<T> | T): Promise<T>;
  #call<T, R>(
    verb: string,
    task: (store: Store) => Promise<T> | T,
    read: (found: T) => R,
  ): Promise<R>;
  async #call(
    verb: string,
    task: (store: Store) => unknown,
    read = (found: unknown) => found,
  ): Promise<unknown> {
    let found: unknown;
    try {
      found = await task(this.#open);
    } catch (error) {
      throw failure(verb, error);
    }
    return read(found);
  }

  get #open(): Store {
    if (this.#isClosed) throw new SessionError("STORE_CLOSED", "The manager is closed.");
    return this.#store;
  }
}

function failure(verb: string, cause: unknown): SessionError {
  if (cause instanceof SessionError) return cause;
  const unknown = /save|touch|delete/.test(verb) ? " Whether it happened is unknown." : "";
  return new SessionError(
    "STORE_UNAVAILABLE",
    `The store failed to ${verb}; see the cause.${unknown}`,
    { cause },
  );
}
