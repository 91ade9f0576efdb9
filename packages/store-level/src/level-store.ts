import type { SessionRecord, Store } from "@sess/core";
import type { LevelDatabase } from "./database.ts";
import { Engine } from "./engine.ts";
import { Heads } from "./heads.ts";
import { recordKey } from "./keyspace.ts";
import { LentDatabase } from "./lent-database.ts";
import { listAll, listOwned } from "./listing.ts";
import {
  checkLocation,
  type LevelOpenOptions,
  type LevelStoreOptions,
  openSettings,
  storeSettings,
} from "./options.ts";
import { OwnDatabase } from "./own-database.ts";
import { decodeRecord, encodeRecord } from "./record-text.ts";
import { sweep } from "./sweep.ts";
import { Writer } from "./writer.ts";

/**
 * Keeps sessions in LevelDB, for one process. What a save resolved to survives a power loss, unless
 * `sync` is off. Every method rejects with `STORE_CLOSED` once the store is closed, and with
 * `STORE_UNAVAILABLE` or `STORE_CORRUPT` where LevelDB reports a fault.
 */
export class LevelStore implements Store {
  readonly #engine: Engine;
  readonly #heads: Heads;
  readonly #writer: Writer;

  /**
   * A store over an open database of the abstract-level family, or a sublevel of one. `close()`
   * leaves it open. What `LevelStore.open` promises on locking, durability and a damaged directory is
   * then the caller's; a failed write ends writing until the caller has reopened the database and
   * made a new store.
   *
   * Throws `STORE_LOCKED` where another store uses the same keys of the same database.
   */
  constructor(db: LevelDatabase, options: LevelStoreOptions = {}) {
    const { sync, read } = storeSettings(options);
    const holding = db instanceof OwnDatabase ? db : new LentDatabase(db);
    this.#engine = new Engine(holding, read);
    this.#heads = new Heads(this.#engine, holding.isSole);
    this.#writer = new Writer(this.#engine, this.#heads, sync);
  }

  /**
   * Opens the directory, or makes it, for its owner alone. Rejects with `STORE_LOCKED` where another
   * store has it open, `STORE_CORRUPT` where it is damaged, `STORE_UNAVAILABLE` where it cannot be
   * used, `INVALID_OPTION` for a location or an option that makes no sense.
   */
  static open(location: string, options: LevelOpenOptions = {}): Promise<LevelStore> {
    return opened(location, options);
  }

  /** Sees what has been written, nothing that is still queued. */
  async load(key: string): Promise<SessionRecord | undefined> {
    const waiting = this.#engine.readable();
    if (waiting) await waiting;
    const text = this.#engine.readsSync
      ? this.#engine.peek(recordKey(key))
      : await this.#engine.get(recordKey(key));
    if (text === undefined) return undefined;
    const record = decodeRecord(key, text);
    this.#heads.set(key, record);
    return record.expiresAt > Date.now() ? record : undefined;
  }

  async save(key: string, record: SessionRecord): Promise<boolean> {
    this.#engine.assertOpen();
    const copy = { ...record };
    const text = encodeRecord(key, copy);
    return this.#writer.run([key], (draft) => draft.save(key, copy, text));
  }

  /** On disk before it resolves, so that a sign-out never comes undone. */
  async delete(key: string, revision?: number): Promise<boolean> {
    this.#engine.assertOpen();
    return this.#writer.run([key], (draft) => draft.delete(key, revision));
  }

  /** Not synced: a lost one ends the session earlier. Unless it shortens the life. */
  async touch(key: string, expiresAt: number, revision?: number): Promise<boolean> {
    this.#engine.assertOpen();
    return this.#writer.run([key], (draft) => draft.touch(key, expiresAt, revision));
  }

  list(owner?: string): AsyncIterable<readonly [key: string, record: SessionRecord]> {
    return owner === undefined ? listAll(this.#engine) : listOwned(this.#engine, owner);
  }

  /**
   * Costs what expires up to the end of this minute. One that removed more than is left gives the space
   * back to the disk.
   */
  async sweep(): Promise<number> {
    return sweep(this.#engine, this.#writer);
  }

  /** Waits for the writes that were asked for before. Twice is fine. */
  close(): Promise<void> {
    return this.#engine.close(this.#writer.idle());
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

// Apart: a class that names itself is called `_LevelStore` once it is bundled.
async function opened(location: string, options: LevelOpenOptions): Promise<LevelStore> {
  checkLocation(location);
  const { writeBufferSize, ...settings } = openSettings(options);
  return new LevelStore(await OwnDatabase.at(location, writeBufferSize), settings);
}
