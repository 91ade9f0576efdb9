import type { SaveOptions, SessionRecord, Store } from "@sess/core";
import type { LevelDatabase } from "./client.ts";
import { Engine } from "./engine/engine.ts";
import { LentDatabase } from "./engine/lent-database.ts";
import { OwnDatabase } from "./engine/own-database.ts";
import { recordKey } from "./keyspace.ts";
import { listAll, listOwned } from "./listing.ts";
import {
  assertOpenDatabase,
  type LevelOpenOptions,
  type LevelStoreOptions,
  openOptions,
  storeOptions,
} from "./options.ts";
import { decodeRecord, encodeRecord } from "./record.ts";
import { RecentRecords } from "./writing/recent-records.ts";
import { sweep } from "./writing/sweep.ts";
import { Writer } from "./writing/writer.ts";

/**
 * Keeps sessions in LevelDB, for one process. A save that has resolved survives a power loss, unless
 * `sync` is off. Every method rejects with STORE_CLOSED once the store is closed, and with
 * STORE_UNAVAILABLE or STORE_CORRUPT if LevelDB reports a fault.
 */
export class LevelStore implements Store {
  readonly #engine: Engine;
  readonly #recent: RecentRecords;
  readonly #writer: Writer;

  /**
   * A store over an open database of the abstract-level family, or a sublevel of one. `close()` leaves
   * the database open. What `LevelStore.open` promises about locking, durability and a damaged directory
   * is then up to the caller, and a failed write ends writing until the caller has opened the database
   * again and made a new store.
   *
   * @throws INVALID_OPTION if `db` is not an open database, or an option is unknown or out of range;
   * STORE_LOCKED if another store uses the same keys of the same database; STORE_UNAVAILABLE if a write
   * to the database has failed since it was opened.
   */
  constructor(db: LevelDatabase, options: LevelStoreOptions = {}) {
    const { sync, read } = storeOptions(options);
    assertOpenDatabase(db);
    const database = db instanceof OwnDatabase ? db : new LentDatabase(db);
    this.#engine = new Engine(database, read);
    this.#recent = new RecentRecords(this.#engine, database.isSoleWriter);
    this.#writer = new Writer(this.#engine, this.#recent, sync);
  }

  /**
   * Opens the directory at `location`, or makes it, for its owner alone.
   *
   * @throws STORE_LOCKED if another store has it open; STORE_CORRUPT if it is damaged; STORE_UNAVAILABLE
   * if it cannot be used; INVALID_OPTION if the location cannot be a path, or an option is unknown or out
   * of range.
   */
  static open(location: string, options: LevelOpenOptions = {}): Promise<LevelStore> {
    return opened(location, options);
  }

  /** Sees what has been committed, and nothing that is still queued. */
  async load(handle: string): Promise<SessionRecord | undefined> {
    const { lifeCycle, readsSync } = this.#engine;
    lifeCycle.assertOpen();
    const waiting = this.#engine.readable();
    if (waiting === undefined && readsSync) return this.#peek(handle);
    return lifeCycle.run(async () => {
      await waiting;
      if (readsSync) return this.#peek(handle);
      return this.#found(handle, await this.#engine.get(recordKey(handle)));
    });
  }

  /** With `durable` it is on disk when it resolves, even if `sync` is off. */
  async save(
    handle: string,
    record: SessionRecord,
    { durable = false }: SaveOptions = {},
  ): Promise<boolean> {
    const copy = { ...record };
    const text = encodeRecord(handle, copy);
    return this.#writer.run([handle], (draft) =>
      draft.save(handle, { record: copy, text, durable }),
    );
  }

  /** On disk when it resolves, so that a sign-out never comes undone. */
  delete(handle: string, revision?: number): Promise<boolean> {
    return this.#writer.run([handle], (draft) => draft.delete(handle, revision));
  }

  /** Not synced, unless it shortens the session's life: one that is lost ends the session early. */
  touch(handle: string, expiresAt: number, revision?: number): Promise<boolean> {
    return this.#writer.run([handle], (draft) => draft.touch(handle, expiresAt, revision));
  }

  /**
   * Ends with STORE_CLOSED if the store is closed before it is through, and with RECORD_CORRUPT if it
   * skipped damaged records.
   */
  list(owner?: string): AsyncIterable<readonly [handle: string, record: SessionRecord]> {
    return owner === undefined ? listAll(this.#engine) : listOwned(this.#engine, owner);
  }

  /**
   * Costs what expires by the end of this minute. A sweep that removed more than is left gives the space
   * back to the disk.
   */
  sweep(): Promise<number> {
    return this.#engine.lifeCycle.run(() => sweep(this.#engine, this.#writer));
  }

  /** Carries out the calls that were made before, a sweep included. Closing twice is fine. */
  close(): Promise<void> {
    return this.#engine.close();
  }

  /** The same as `close()`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #peek(handle: string): SessionRecord | undefined {
    return this.#found(handle, this.#engine.peek(recordKey(handle)));
  }

  #found(handle: string, text: string | undefined): SessionRecord | undefined {
    if (text === undefined) return undefined;
    const record = decodeRecord(handle, text);
    this.#recent.note(handle, record);
    return record.expiresAt > Date.now() ? record : undefined;
  }
}

// Outside the class: a class that names itself is called `_LevelStore` once it is bundled.
async function opened(location: string, options: LevelOpenOptions): Promise<LevelStore> {
  const { writeBufferSize, ...settings } = openOptions(location, options);
  return new LevelStore(await OwnDatabase.at(location, writeBufferSize), settings);
}
