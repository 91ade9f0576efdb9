import type { SessionError } from "@sess/core";
import { engineCode, LifeCycle, pagesOf } from "@sess/core/adapter";
import type { ChainedBatch, Change, Cursor, LevelDatabase, Range } from "../client.ts";
import { readError, writeError } from "../faults.ts";
import { EVERYTHING } from "../keyspace.ts";

/** A database, and what may be done with it after a failed write: that depends on who opened it. */
export interface EngineDatabase {
  readonly db: LevelDatabase;
  /** Whether nobody else can write to it. */
  readonly isSoleWriter: boolean;
  /** @throws STORE_UNAVAILABLE if writing has ended for a reason outside of this store. */
  assertWritable(): void;
  /** The error for what has just been written if the next process would not find it; else undefined. */
  lost(): SessionError | undefined;
  /** Notes that a write has failed. */
  writeFailed(): void;
  /** @throws STORE_UNAVAILABLE if the database must stay open as it is, so that reads go on. */
  assertCanReopen(): Promise<void>;
  /** Closes it and opens it again. */
  reopen(): Promise<void>;
  /** Gives back what the store holds of it. */
  release(): Promise<void>;
}

/** Changes that are written together or not at all. */
export interface Batch {
  readonly changes: Change[];
  /** Characters in them. */
  readonly size: number;
  /** Whether they must be on disk before they count as written. */
  readonly sync: boolean;
}

// Frozen, because abstract-level copies it for each change and then alters the copy: otherwise V8 would
// look up the shape of the copy anew each time, which took 40 % of a save.
const TEXT = Object.freeze({ keyEncoding: "utf8", valueEncoding: "utf8" });

/** For what is written over, swept or listed: it is not read again soon, so it displaces no block. */
const IN_PASSING = Object.freeze({ ...TEXT, fillCache: false });

/** What one read of a list brings into memory, in bytes. */
const LIST_BYTES = 512 * 1024;

/**
 * Up to this many characters for each change, a batch is handed over change by change, which costs this
 * thread half as much. classic-level frees such a batch only when it is collected as garbage, so large
 * ones would pile up.
 */
const SMALL_CHANGE = 16 * 1024;

/**
 * LevelDB without its traps. After a failed write its database goes on acknowledging writes, and loses
 * them when it is next opened. So nothing is written here until the database has been opened again.
 */
export class Engine {
  /** Calls that write are run in it, so that `close()` waits for them. */
  readonly lifeCycle = new LifeCycle("LevelStore");
  /** Whether `peek` can be used. */
  readonly readsSync: boolean;
  readonly #database: EngineDatabase;
  readonly #db: LevelDatabase;
  readonly #onReopened: (() => void)[] = [];
  /** `failed`: nothing may be written. `shut`: nothing can be read either. */
  #state: "open" | "failed" | "shut" = "open";
  #recovery: Promise<void> | undefined;

  constructor(database: EngineDatabase, read: "sync" | "async") {
    this.#database = database;
    this.#db = database.db;
    const { supports } = database.db;
    const canReadSync = "getSync" in supports && supports.getSync === true;
    this.readsSync = read === "sync" && canReadSync && this.#db.getSync !== undefined;
  }

  /** Calls `listener` when the database has been opened again: what was known of it may be wrong then. */
  onReopened(listener: () => void): void {
    this.#onReopened.push(listener);
  }

  /** What to wait for before reading: mostly nothing, and then the read must follow at once. */
  readable(): Promise<void> | undefined {
    return this.#state === "shut" ? this.#recover() : undefined;
  }

  /**
   * What to wait for before writing. Whatever decides what is written must be read after it.
   *
   * @throws STORE_UNAVAILABLE if writing has ended for a reason outside of this store.
   */
  writable(): Promise<void> | undefined {
    this.#database.assertWritable();
    return this.#state === "open" ? undefined : this.#recover();
  }

  /** Reads on this thread. What is read in passing displaces nothing from LevelDB's cache. */
  peek(key: string, isInPassing = false): string | undefined {
    try {
      return this.#db.getSync?.(key, isInPassing ? IN_PASSING : TEXT);
    } catch (error) {
      throw readError(error);
    }
  }

  async get(key: string): Promise<string | undefined> {
    try {
      return await this.#db.get(key, TEXT);
    } catch (error) {
      // abstract-level 1, which `level` 8 is, rejects where later versions resolve to undefined.
      if (engineCode(error) === "LEVEL_NOT_FOUND") return undefined;
      throw readError(error);
    }
  }

  /** Reads in passing. An error stands in the place of a value that cannot be read: it fails no other. */
  async getMany(keys: string[]): Promise<(string | undefined | SessionError)[]> {
    try {
      return await this.#db.getMany(keys, IN_PASSING);
    } catch {
      return Promise.all(keys.map((key) => this.get(key).catch(readError)));
    }
  }

  /** The keys in `range`, in their order, at most `size` at a time. */
  keyPages(range: Range, size: number): AsyncIterable<readonly string[]> {
    return pagesOf({
      from: range.gt,
      read: (after) => this.#read(() => this.#db.keys({ ...TEXT, ...range, gt: after }), size),
      cursorOf: (key) => key,
    });
  }

  /** The entries in `range`, in the order of their keys, at most `size` at a time. */
  entryPages(
    range: Range,
    size: number,
  ): AsyncIterable<readonly (readonly [key: string, value: string])[]> {
    const options = { ...TEXT, highWaterMarkBytes: LIST_BYTES };
    return pagesOf({
      from: range.gt,
      read: (after) =>
        this.#read(() => this.#db.iterator({ ...options, ...range, gt: after }), size),
      cursorOf: ([key]) => key,
    });
  }

  /**
   * Writes all of a batch or nothing.
   *
   * @throws STORE_UNAVAILABLE or STORE_LOCKED also if it is written, but the directory is not where it was
   * or has been opened by another process.
   */
  async write(batch: Batch): Promise<void> {
    const writing = this.#handOver(batch);
    // While LevelDB works, this thread would only wait. Whatever was asked for once the directory had gone
    // is rejected all the same.
    const lost = this.#database.lost();
    try {
      await writing;
    } catch (error) {
      throw this.#failed(lost ?? this.#database.lost() ?? writeError(error));
    }
    if (lost !== undefined) throw this.#failed(lost);
  }

  /** Gives back the space of what was deleted, if the database can. */
  async compact(): Promise<void> {
    try {
      await this.readable();
      await this.#db.compactRange?.(EVERYTHING.gt, EVERYTHING.lt, TEXT);
    } catch (error) {
      throw readError(error);
    }
  }

  /** Refuses new calls, waits for those that write, and gives the database back. */
  close(): Promise<void> {
    return this.lifeCycle.close(async () => {
      await this.#recovery?.catch(() => {});
      await this.#database.release();
    });
  }

  async #handOver({ changes, size, sync }: Batch): Promise<void> {
    if (size > SMALL_CHANGE * changes.length) return this.#db.batch(changes, { ...TEXT, sync });
    return this.#chained(changes).write({ sync });
  }

  #failed(fault: SessionError): SessionError {
    if (fault.code !== "STORE_CLOSED") {
      this.#state = "failed";
      this.#database.writeFailed();
    }
    return fault;
  }

  #chained(changes: readonly Change[]): ChainedBatch {
    const batch = this.#db.batch();
    for (const change of changes) {
      if (change.type === "put") batch.put(change.key, change.value, TEXT);
      else batch.del(change.key, TEXT);
    }
    return batch;
  }

  /** A cursor is kept for one read alone: while it is open, old versions of all records stay on disk. */
  async #read<Item>(open: () => Cursor<Item>, size: number): Promise<Item[]> {
    const waiting = this.readable();
    if (waiting) await waiting;
    try {
      const cursor = open();
      try {
        return await cursor.nextv(size);
      } finally {
        await cursor.close();
      }
    } catch (error) {
      throw readError(error);
    }
  }

  #recover(): Promise<void> {
    this.#recovery ??= this.#reopen().finally(() => {
      this.#recovery = undefined;
    });
    return this.#recovery;
  }

  async #reopen(): Promise<void> {
    if (this.#state === "failed") await this.#database.assertCanReopen();
    this.#state = "shut";
    await this.#database.reopen();
    for (const listener of this.#onReopened) listener();
    this.#state = "open";
  }
}
