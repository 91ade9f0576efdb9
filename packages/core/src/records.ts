import { SessionError } from "./errors.ts";
import { parseSuccessor } from "./format/marker.ts";
import type { RecordFormat } from "./format/record-format.ts";
import type { Snapshot } from "./format/snapshot.ts";
import type { Identity } from "./identity.ts";
import type { Settings } from "./settings.ts";
import type { SessionRecord, Store } from "./store.ts";

/** The store as core uses it: errors of one class, closed after `close()`, policy on what it finds. */
export class Records {
  readonly #store: Store;
  readonly #settings: Settings;
  readonly #format: RecordFormat;
  #closing: Promise<void> | undefined;

  constructor(store: Store, settings: Settings, format: RecordFormat) {
    this.#store = store;
    this.#settings = settings;
    this.#format = format;
  }

  get canTouch(): boolean {
    return this.#store.touch !== undefined;
  }

  get canSweep(): boolean {
    return this.#store.sweep !== undefined;
  }

  /** The record as it is stored, a marker of a session that moved on included. */
  fetch(handle: string): Promise<SessionRecord | undefined> {
    return this.#call("load", () => this.#store.load(handle));
  }

  /** The session's newest state; undefined where there is no session under this id (any more). */
  async load(identity: Identity): Promise<Snapshot | undefined> {
    const record = await this.fetch(identity.handle);
    if (record === undefined || parseSuccessor(record.data) !== undefined) return undefined;
    const snapshot = this.#format.decode(record, identity);
    return this.isLive(snapshot) ? snapshot : undefined;
  }

  save(handle: string, record: SessionRecord): Promise<boolean> {
    return this.#call("save", () => this.#store.save(handle, record));
  }

  delete(handle: string, revision?: number): Promise<boolean> {
    return this.#call("delete", () => this.#store.delete(handle, revision));
  }

  async touch(handle: string, expiresAt: number): Promise<boolean> {
    return this.#call("touch", async () => (await this.#store.touch?.(handle, expiresAt)) ?? false);
  }

  sweep(): Promise<number> {
    return this.#call("sweep", async () => (await this.#store.sweep?.()) ?? 0);
  }

  /** All records, markers included, or those of one owner. */
  async *list(owner?: string): AsyncGenerator<readonly [string, SessionRecord]> {
    this.#refuseWhenClosed();
    if (this.#store.list === undefined) {
      throw new SessionError("NOT_SUPPORTED", "This store cannot list sessions: it has no list().");
    }
    try {
      yield* this.#store.list(owner);
    } catch (error) {
      throw failure("list", error);
    }
  }

  /**
   * A tightened policy holds at once: a session older than its absoluteTimeout is absent, whatever
   * expiry it was saved with.
   */
  isLive({ record, lifetime }: Snapshot): boolean {
    const { absoluteTimeout } = { ...this.#settings.lifetime, ...lifetime };
    const now = Date.now();
    return record.expiresAt > now && record.createdAt + absoluteTimeout > now;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    try {
      await this.#store.close?.();
    } catch (error) {
      throw failure("close", error);
    }
  }

  async #call<T>(verb: string, task: () => Promise<T>): Promise<T> {
    this.#refuseWhenClosed();
    try {
      return await task();
    } catch (error) {
      throw failure(verb, error);
    }
  }

  #refuseWhenClosed(): void {
    if (this.#closing === undefined) return;
    throw new SessionError("STORE_CLOSED", "The session manager has been closed.");
  }
}

function failure(verb: string, cause: unknown): SessionError {
  if (cause instanceof SessionError) return cause;
  const unknown = WRITES.has(verb) ? " Whether it happened all the same is unknown." : "";
  const message = `The store failed to ${verb}; see the cause.${unknown}`;
  return new SessionError("STORE_UNAVAILABLE", message, { cause });
}

const WRITES = new Set(["save", "delete", "touch"]);
