import { SessionError } from "@sess/core";
import type { Change, Cursor, LevelDatabase, Range, StepwiseBatch } from "./database.ts";
import { readError, writeError } from "./engine-errors.ts";
import { EVERYTHING } from "./keyspace.ts";

/** A database, and what may be done with it after a failed write: that depends on who opened it. */
export interface Holding {
  readonly db: LevelDatabase;
  /** Whether nobody else can write to it. */
  readonly isSole: boolean;
  /** A write failed. */
  fail(): void;
  /** Rejects while the database must stay open as it is, so that reads go on. */
  mayReopen(): Promise<void>;
  reopen(): Promise<void>;
  /** Throws where writing has ended for a reason outside of this store. */
  assertWritable(): void;
  release(): Promise<void>;
}

/** Changes that land together or not at all. */
export interface Batch {
  readonly changes: Change[];
  /** Characters that they hold. */
  readonly size: number;
  /** Whether they must be on disk before they count as written. */
  readonly sync: boolean;
}

// Frozen, since abstract-level copies it for each change and then alters the copy: V8 would search for
// the shape of the copy anew each time, which took 40 % of a save.
const TEXT = Object.freeze({ keyEncoding: "utf8", valueEncoding: "utf8" });
/** For what is swept, listed or written over, and not read again soon: it displaces no block. */
const IN_PASSING = Object.freeze({ ...TEXT, fillCache: false });

/** Bytes that one read of a listing brings into memory. */
const LISTING_BYTES = 512 * 1024;

/**
 * Up to this much text for each change a batch is handed over step by step, at half the cost on
 * this thread or less. classic-level frees such a batch only with the garbage, so large ones would pile up.
 */
const SMALL = 16 * 1024;

/**
 * LevelDB without its traps. After a failed write its handle goes on acknowledging writes, and loses
 * them at the next open; so here nothing is written until the database has been reopened.
 */
export class Engine {
  /** Whether `peek` can be used. */
  readonly readsSync: boolean;
  /** How often the database was closed and opened again: what was known of it before may be wrong. */
  reopened = 0;
  readonly #holding: Holding;
  readonly #db: LevelDatabase;
  // failed: nothing may be written. shut: nothing can be read either.
  #state: "open" | "failed" | "shut" | "closed" = "open";
  #closing: Promise<void> | undefined;
  #recovery: Promise<void> | undefined;

  constructor(holding: Holding, read: "sync" | "async") {
    this.#holding = holding;
    this.#db = holding.db;
    const { supports } = holding.db;
    this.readsSync = read === "sync" && "getSync" in supports && supports.getSync === true;
  }

  assertOpen(): void {
    if (this.#closing !== undefined) throw closedError();
  }

  /** What to wait for before reading: mostly nothing, and then the read must follow at once. */
  readable(): Promise<void> | undefined {
    this.assertOpen();
    return this.#state === "shut" ? this.#recover() : undefined;
  }

  /** What to wait for before writing. What is to be decided from must be read after it. */
  writable(): Promise<void> | undefined {
    this.#holding.assertWritable();
    return this.#state === "open" ? undefined : this.#recover();
  }

  peek(key: string, inPassing = false): string | undefined {
    try {
      return this.#db.getSync(key, inPassing ? IN_PASSING : TEXT);
    } catch (error) {
      throw readError(error);
    }
  }

  async get(key: string): Promise<string | undefined> {
    try {
      return await this.#db.get(key, TEXT);
    } catch (error) {
      throw readError(error);
    }
  }

  /** One that cannot be read is an error in its place and fails none of the others. */
  async getMany(keys: string[]): Promise<(string | undefined | SessionError)[]> {
    try {
      return await this.#db.getMany(keys, IN_PASSING);
    } catch {
      return Promise.all(keys.map((key) => this.get(key).catch(readError)));
    }
  }

  async keys(range: Range, most: number): Promise<string[]> {
    return this.#read(() => this.#db.keys({ ...TEXT, ...range }), most);
  }

  async entries(range: Range, most: number): Promise<[key: string, value: string][]> {
    const options = { ...TEXT, ...range, highWaterMarkBytes: LISTING_BYTES };
    return this.#read(() => this.#db.iterator(options), most);
  }

  /** All or nothing. */
  async write({ changes, size, sync }: Batch): Promise<void> {
    try {
      if (size > SMALL * changes.length) await this.#db.batch(changes, { ...TEXT, sync });
      else await this.#stepwise(changes).write({ sync });
    } catch (error) {
      const fault = writeError(error);
      if (fault.code === "STORE_UNAVAILABLE") {
        this.#state = "failed";
        this.#holding.fail();
      }
      throw fault;
    }
  }

  #stepwise(changes: Change[]): StepwiseBatch {
    const batch = this.#db.batch();
    for (const change of changes) {
      if (change.type === "put") batch.put(change.key, change.value, TEXT);
      else batch.del(change.key, TEXT);
    }
    return batch;
  }

  /** Gives back the space of what was deleted, where the database can. */
  async compact(): Promise<void> {
    try {
      await this.readable();
      await this.#db.compactRange?.(EVERYTHING.gt, EVERYTHING.lt, TEXT);
    } catch (error) {
      throw readError(error);
    }
  }

  /** Lets go of the database once `idle` has resolved. New calls are refused from now on. */
  close(idle: Promise<void>): Promise<void> {
    this.#closing ??= this.#close(idle);
    return this.#closing;
  }

  async #close(idle: Promise<void>): Promise<void> {
    await idle;
    await this.#recovery?.catch(() => {});
    this.#state = "closed";
    await this.#holding.release();
  }

  /** A short look: a cursor that stays open would keep the old versions of all records on disk. */
  async #read<Item>(open: () => Cursor<Item>, most: number): Promise<Item[]> {
    const waiting = this.readable();
    if (waiting) await waiting;
    try {
      const cursor = open();
      try {
        return await cursor.nextv(most);
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
    if (this.#state === "closed") throw closedError();
    if (this.#state === "failed") await this.#holding.mayReopen();
    this.#state = "shut";
    await this.#holding.reopen();
    this.reopened += 1;
    this.#state = "open";
  }
}

function closedError(): SessionError {
  return new SessionError("STORE_CLOSED", "The store has been closed. Open a new one.");
}
