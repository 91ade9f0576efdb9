import { SessionError } from "./errors.ts";
import { parseSuccessor } from "./format/marker.ts";
import { decode } from "./format/record-format.ts";
import type { Snapshot } from "./format/snapshot.ts";
import type { Identity } from "./identity.ts";
import type { Settings } from "./settings.ts";
import type { SessionRecord, Store } from "./store.ts";

/** The store as core uses it: errors of one class, closed after `close()`, policy on what it finds. */
export class Records {
  readonly #store: Store;
  readonly #settings: Settings;
  #closing: Promise<void> | undefined;

  constructor(store: Store, settings: Settings) {
    this.#store = store;
    this.#settings = settings;
  }

  /** The record as it is stored, a marker of a session that moved on included. */
  fetch(handle: string): Promise<SessionRecord | undefined> {
    return this.#call("load", () => this.#store.load(handle));
  }

  /** The session's newest state; undefined where there is no session under this id (any more). */
  async load(identity: Identity): Promise<Snapshot | undefined> {
    const record = await this.fetch(identity.handle);
    if (!record || parseSuccessor(record.data)) return undefined;
    const snapshot = decode(this.#settings, record, identity);
    const { lifetime } = this.#settings;
    return lifetime.isLive(record, snapshot.marker.lifetime) ? snapshot : undefined;
  }

  save(handle: string, record: SessionRecord): Promise<boolean> {
    return this.#call("save", () => this.#store.save(handle, record));
  }

  delete(handle: string, revision?: number): Promise<boolean> {
    return this.#call("delete", () => this.#store.delete(handle, revision));
  }

  get canTouch(): boolean {
    return this.#store.touch !== undefined;
  }

  touch(handle: string, expiresAt: number): Promise<boolean> {
    return this.#call("touch", async () => this.#store.touch?.(handle, expiresAt) ?? false);
  }

  sweep(): Promise<number> {
    return this.#call("sweep", async () => this.#store.sweep?.() ?? 0);
  }

  /** All records, markers included, or those of one owner. */
  async *list(owner?: string): AsyncGenerator<readonly [string, SessionRecord]> {
    this.#mustBeOpen();
    if (!this.#store.list) throw new SessionError("NOT_SUPPORTED", "This store has no list().");
    try {
      yield* this.#store.list(owner);
    } catch (error) {
      throw failure("list", error);
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#call("close", async () => this.#store.close?.());
    return this.#closing;
  }

  async #call<T>(verb: string, task: () => Promise<T>): Promise<T> {
    this.#mustBeOpen();
    try {
      return await task();
    } catch (error) {
      throw failure(verb, error);
    }
  }

  #mustBeOpen(): void {
    if (this.#closing) throw new SessionError("STORE_CLOSED", "The manager has been closed.");
  }
}

function failure(verb: string, cause: unknown): SessionError {
  if (cause instanceof SessionError) return cause;
  const unknown = /save|touch|delete/.test(verb) ? " Whether it happened is unknown." : "";
  const message = `The store failed to ${verb}; see the cause.${unknown}`;
  return new SessionError("STORE_UNAVAILABLE", message, { cause });
}
