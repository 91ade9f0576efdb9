import { causeOf } from "../adapter/faults.ts";
import { isObject } from "../adapter/objects.ts";
import { isTooLarge, SessionError, tooLargeForStore } from "../contract/errors.ts";
import type { SaveOptions, SessionRecord, Store } from "../contract/store.ts";
import type { RecordFormat } from "../format/record-format.ts";
import { type Snapshot, timesOf } from "../format/snapshot.ts";
import { isEndedMark } from "../format/stand-ins.ts";
import type { Identity } from "../policy/identity.ts";
import type { LifetimePolicy } from "../policy/lifetime-policy.ts";
import type { FirstSavesInDoubt } from "./first-saves-in-doubt.ts";
import type { Operations } from "./operations.ts";

type Method = "load" | "save" | "delete" | "touch" | "list" | "sweep" | "close";

/** The methods that may have done what they were asked although they failed. */
const WRITES: ReadonlySet<Method> = new Set<Method>(["save", "delete", "touch"]);

/** What the guarded store checks with. */
interface Guards {
  readonly format: RecordFormat;
  readonly lifetimes: LifetimePolicy;
  readonly operations: Operations;
  readonly firstSaves: FirstSavesInDoubt;
}

/**
 * The store behind core's checks: every error is a `SessionError`, an answer that the contract does not
 * know is one too, nothing is asked once the store is closed, and what it hands out is decoded and held
 * against the absolute timeout.
 */
export class GuardedStore {
  readonly #store: Store;
  readonly #format: RecordFormat;
  readonly #lifetimes: LifetimePolicy;
  readonly #operations: Operations;
  readonly #firstSaves: FirstSavesInDoubt;

  constructor(store: Store, { format, lifetimes, operations, firstSaves }: Guards) {
    this.#store = store;
    this.#format = format;
    this.#lifetimes = lifetimes;
    this.#operations = operations;
    this.#firstSaves = firstSaves;
  }

  /** The record as it is stored, be it a session's or one that stands where a session was. */
  async fetch(handle: string): Promise<SessionRecord | undefined> {
    return recordFrom(await this.#call("load", () => this.#store.load(handle)));
  }

  /** The session's newest state; undefined if there is no session under this id (any more). */
  async load(identity: Identity): Promise<Snapshot | undefined> {
    // Spelled out: `fetch` would cost each request two more promises.
    this.#operations.assertStoreOpen();
    let record: SessionRecord | undefined;
    try {
      record = await this.#store.load(identity.handle);
    } catch (error) {
      throw storeFailed("load", error);
    }
    const found = recordFrom(record);
    return found && this.read(found, identity);
  }

  /**
   * The state that `record` holds; undefined if it is not, or no longer, a session's. Without the
   * identity, a sealed one shows no values.
   */
  read(record: SessionRecord, identity?: Identity): Snapshot | undefined {
    const snapshot = this.#format.decode(record, identity);
    return snapshot && !this.#lifetimes.isOutlived(timesOf(snapshot)) ? snapshot : undefined;
  }

  /**
   * @throws DATA_TOO_LARGE if the store cannot hold the record, which is not written then; otherwise as
   * the store does, with unknown outcome.
   */
  async save(handle: string, record: SessionRecord, options?: SaveOptions): Promise<boolean> {
    this.#assertFits(record);
    try {
      const answer = await this.#call("save", () => this.#store.save(handle, record, options));
      const isSaved = booleanFrom("save", answer);
      // A refused save may have happened: its client may have sent it twice.
      if (!isSaved) this.#noteFirstSave(handle, record);
      return isSaved;
    } catch (error) {
      if (!isTooLarge(error)) this.#noteFirstSave(handle, record);
      throw error;
    }
  }

  async delete(handle: string, revision?: number): Promise<boolean> {
    return booleanFrom(
      "delete",
      await this.#call("delete", () => this.#store.delete(handle, revision)),
    );
  }

  /** Whether the store has a `touch`. */
  get canTouch(): boolean {
    return this.#store.touch !== undefined;
  }

  async touch(handle: string, expiresAt: number, revision: number): Promise<boolean> {
    return booleanFrom(
      "touch",
      await this.#call(
        "touch",
        async () => this.#store.touch?.(handle, expiresAt, revision) ?? false,
      ),
    );
  }

  async sweep(): Promise<number> {
    return countFrom(await this.#call("sweep", async () => this.#store.sweep?.() ?? 0));
  }

  /** All records, or those of one owner, those that stand where a session was included. */
  async *list(owner?: string): AsyncGenerator<readonly [handle: string, record: SessionRecord]> {
    this.#operations.assertStoreOpen();
    if (this.#store.list === undefined) {
      throw new SessionError("NOT_SUPPORTED", "The store has no list().");
    }
    try {
      yield* this.#store.list(owner);
    } catch (error) {
      throw storeFailed("list", error);
    }
  }

  async close(): Promise<void> {
    try {
      await this.#store.close?.();
    } catch (error) {
      throw storeFailed("close", error);
    }
  }

  #noteFirstSave(handle: string, record: SessionRecord): void {
    if (record.revision === 1 && !isEndedMark(record)) this.#firstSaves.note(handle, record);
  }

  #assertFits({ data }: SessionRecord): void {
    const { maxBytes } = this.#store;
    if (maxBytes === undefined) return;
    const bytes = Buffer.byteLength(data);
    if (bytes > maxBytes) throw tooLargeForStore(bytes, maxBytes);
  }

  async #call<Result>(method: Method, call: () => Promise<Result>): Promise<Result> {
    this.#operations.assertStoreOpen();
    try {
      return await call();
    } catch (error) {
      throw storeFailed(method, error);
    }
  }
}

// What a store answers that is no store of this contract must not pass for success, or for no session.

function booleanFrom(method: Method, answer: unknown): boolean {
  if (typeof answer === "boolean") return answer;
  throw wrongAnswer(method, answer, "true or false, so its outcome is unknown");
}

function recordFrom(answer: SessionRecord | undefined): SessionRecord | undefined {
  if (answer === undefined || isObject(answer)) return answer;
  throw wrongAnswer("load", answer, "a record or undefined");
}

function countFrom(answer: unknown): number {
  if (typeof answer === "number" && Number.isSafeInteger(answer) && answer >= 0) return answer;
  throw wrongAnswer("sweep", answer, "how many records it removed");
}

function wrongAnswer(method: Method, answer: unknown, expected: string): SessionError {
  const came = answer === null ? "null" : typeof answer;
  return new SessionError(
    "STORE_UNAVAILABLE",
    `The store's ${method}() resolved to ${came} instead of ${expected}. Is it a store for @sess/core? Run testStore() of @sess/core/conformance on it.`,
  );
}

function storeFailed(method: Method, error: unknown): SessionError {
  if (error instanceof SessionError) return error;
  const outcome = WRITES.has(method) ? ", with unknown outcome" : "";
  return new SessionError(
    "STORE_UNAVAILABLE",
    `The store failed to ${method}${outcome}; see the cause.`,
    { cause: causeOf(error) },
  );
}
