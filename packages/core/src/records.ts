import { SessionError } from "./contract/errors.ts";
import type { SessionRecord, Store } from "./contract/store.ts";
import { decode } from "./format/record-format.ts";
import type { Snapshot } from "./format/snapshot.ts";
import type { Identity } from "./identity.ts";
import { isLive } from "./lifetime.ts";
import type { Settings } from "./settings.ts";

/** The store as core uses it: errors of one class, closed after `close()`, policy on what it finds. */
export class Records {
  readonly #settings: Settings;
  #isClosed = false;
  #closing: Promise<void> | undefined;

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /** The record as it is stored, a marker of a session that moved on included. */
  fetch(handle: string): Promise<SessionRecord | undefined> {
    return this.#call("load", () => this.#open.load(handle));
  }

  /**
   * The session's newest state, or what `use` makes of it; undefined where there is no session under
   * this id (any more).
   */
  load(identity: Identity): Promise<Snapshot | undefined>;
  load<T>(identity: Identity, use: (snapshot: Snapshot | undefined) => T): Promise<T>;
  async load(identity: Identity, use = (snapshot: Snapshot | undefined): unknown => snapshot) {
    let record: SessionRecord | undefined;
    try {
      record = await this.#open.load(identity.handle);
    } catch (error) {
      throw failure("load", error);
    }
    return use(record && this.read(record, identity));
  }

  /** The state that `record` holds; undefined where it is no session's (any more). */
  read(record: SessionRecord, identity?: Identity): Snapshot | undefined {
    const snapshot = decode(this.#settings, record, identity);
    return snapshot && isLive(this.#settings, snapshot) ? snapshot : undefined;
  }

  save(handle: string, record: SessionRecord): Promise<boolean> {
    return this.#call("save", () => this.#open.save(handle, record));
  }

  delete(handle: string, revision?: number): Promise<boolean> {
    return this.#call("delete", () => this.#open.delete(handle, revision));
  }

  /** Undefined where the store has no `touch`. */
  touch(handle: string, expiresAt: number, revision: number): Promise<boolean | undefined> {
    return this.#call("touch", () => this.#open.touch?.(handle, expiresAt, revision));
  }

  sweep(): Promise<number> {
    return this.#call("sweep", () => this.#open.sweep?.() ?? 0);
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
    this.#closing ??= this.#call("close", () => this.#settings.store.close?.()).catch((error) => {
      // What the store holds is still open: the next close() tries again.
      this.#closing = undefined;
      throw error;
    });
    return this.#closing;
  }

  async #call<T>(verb: string, task: () => Promise<T> | T): Promise<T> {
    try {
      return await task();
    } catch (error) {
      throw failure(verb, error);
    }
  }

  get #open(): Store {
    if (this.#isClosed) throw new SessionError("STORE_CLOSED", "The manager is closed.");
    return this.#settings.store;
  }
}

function failure(verb: string, cause: unknown): SessionError {
  if (cause instanceof SessionError) return cause;
  const outcome = /save|touch|delete/.test(verb) ? ", with unknown outcome" : "";
  return new SessionError(
    "STORE_UNAVAILABLE",
    `The store failed to ${verb}${outcome}; see the cause.`,
    { cause },
  );
}
