import { causeOf } from "../adapter/faults.ts";
import { LifeCycle } from "../adapter/life-cycle.ts";
import { SessionError } from "../contract/errors.ts";
import type { SessionRecord, Store } from "../contract/store.ts";
import type { RecordFormat } from "../format/record-format.ts";
import { type Snapshot, timesOf } from "../format/snapshot.ts";
import type { Identity } from "../policy/identity.ts";
import type { LifetimePolicy } from "../policy/lifetime-policy.ts";

/** The store's methods that may have done what they were asked although they failed. */
const WRITES: ReadonlySet<keyof Store> = new Set(["save", "delete", "touch"]);

/**
 * The store behind core's checks: every error is a `SessionError`, nothing is asked of it once it is
 * closed, and what it hands out is decoded and held against the manager's limits.
 */
export class GuardedStore {
  readonly #store: Store;
  readonly #format: RecordFormat;
  readonly #lifetimes: LifetimePolicy;
  readonly #life = new LifeCycle("SessionManager");

  constructor(store: Store, format: RecordFormat, lifetimes: LifetimePolicy) {
    this.#store = store;
    this.#format = format;
    this.#lifetimes = lifetimes;
  }

  /** The record as it is stored, be it a session's or a forwarding record. */
  fetch(handle: string): Promise<SessionRecord | undefined> {
    return this.#call("load", () => this.#store.load(handle));
  }

  /** The session's newest state; undefined if there is no session under this id (any more). */
  async load(identity: Identity): Promise<Snapshot | undefined> {
    // Spelled out: `fetch` would cost each request two more promises.
    this.#life.assertOpen();
    let record: SessionRecord | undefined;
    try {
      record = await this.#store.load(identity.handle);
    } catch (error) {
      throw storeFailed("load", error);
    }
    return record && this.read(record, identity);
  }

  /**
   * The state that `record` holds; undefined if it is not, or no longer, a session's. Without the
   * identity, a sealed one shows no values.
   */
  read(record: SessionRecord, identity?: Identity): Snapshot | undefined {
    const snapshot = this.#format.decode(record, identity);
    return snapshot && this.#lifetimes.isLive(timesOf(snapshot)) ? snapshot : undefined;
  }

  save(handle: string, record: SessionRecord): Promise<boolean> {
    return this.#call("save", () => this.#store.save(handle, record));
  }

  delete(handle: string, revision?: number): Promise<boolean> {
    return this.#call("delete", () => this.#store.delete(handle, revision));
  }

  /** Whether the store has a `touch`. */
  get canTouch(): boolean {
    return this.#store.touch !== undefined;
  }

  touch(handle: string, expiresAt: number, revision: number): Promise<boolean> {
    return this.#call(
      "touch",
      async () => this.#store.touch?.(handle, expiresAt, revision) ?? false,
    );
  }

  sweep(): Promise<number> {
    return this.#call("sweep", async () => this.#store.sweep?.() ?? 0);
  }

  /** All records, or those of one owner, forwarding records included. */
  async *list(owner?: string): AsyncGenerator<readonly [handle: string, record: SessionRecord]> {
    this.#life.assertOpen();
    if (this.#store.list === undefined) {
      throw new SessionError("NOT_SUPPORTED", "The store has no list().");
    }
    try {
      yield* this.#store.list(owner);
    } catch (error) {
      throw storeFailed("list", error);
    }
  }

  close(): Promise<void> {
    return this.#life.close(async () => {
      try {
        await this.#store.close?.();
      } catch (error) {
        throw storeFailed("close", error);
      }
    });
  }

  async #call<Result>(method: keyof Store, call: () => Promise<Result>): Promise<Result> {
    this.#life.assertOpen();
    try {
      return await call();
    } catch (error) {
      throw storeFailed(method, error);
    }
  }
}

function storeFailed(method: keyof Store, error: unknown): SessionError {
  if (error instanceof SessionError) return error;
  const outcome = WRITES.has(method) ? ", with unknown outcome" : "";
  return new SessionError(
    "STORE_UNAVAILABLE",
    `The store failed to ${method}${outcome}; see the cause.`,
    { cause: causeOf(error) },
  );
}
