import type { SaveOptions, SessionRecord, Store } from "@sess/core";
import { checkOptions, LifeCycle, Tick } from "@sess/core/adapter";
import type { RedisClient, RedisClusterClient } from "./client.ts";
import { Connection } from "./connection.ts";
import { readError, refusalOf, writeError } from "./faults.ts";
import { Keyspace } from "./keyspace.ts";
import { Listing } from "./listing.ts";
import { checkClient, OPTION_RULES, type RedisStoreOptions } from "./options.ts";
import { Reader } from "./reader.ts";
import { unreadable } from "./record.ts";
import { Writer } from "./writer.ts";

/**
 * Keeps sessions in Redis or Valkey, standalone or Cluster, for any number of processes. Redis expires
 * them by itself, by its own clock. On one server, calls of one tick go out together, in their order.
 *
 * @throws STORE_CLOSED, by every method, once the store is closed; STORE_UNAVAILABLE if the server or the
 * client fails; RECORD_CORRUPT if there is something else than a record.
 */
export class RedisStore implements Store {
  readonly #lifeCycle = new LifeCycle("RedisStore");
  readonly #reader: Reader;
  readonly #writer: Writer;
  readonly #listing: Listing;

  /**
   * A store over a connected client, which stays open when the store is closed.
   *
   * @throws INVALID_OPTION if it is no client, or has a `keyPrefix`, which the store would not see; or if an
   * option is unknown or wrong.
   */
  constructor(client: RedisClient | RedisClusterClient, options: RedisStoreOptions = {}) {
    checkClient(client);
    const { prefix = "sess:" } = checkOptions("RedisStore", options, OPTION_RULES);
    const connection = new Connection(client);
    const keyspace = new Keyspace(prefix);
    const tick = new Tick();
    // The writer joins the tick first, so that a load sees what was asked for before it.
    this.#writer = new Writer(connection, keyspace, tick);
    this.#reader = new Reader(connection, keyspace, tick);
    this.#listing = new Listing(connection, keyspace, this.#reader, this.#writer);
  }

  /** Resolves to the live record, read from the primary, or undefined if there is none. */
  load(handle: string): Promise<SessionRecord | undefined> {
    return this.#lifeCycle.run(() => this.#reader.load(handle));
  }

  /**
   * Writes `record` if the live revision is one less, and resolves to whether it did. A save is as durable as
   * the server is set up to be, also with the option `durable`.
   */
  save(handle: string, record: SessionRecord, _options?: SaveOptions): Promise<boolean> {
    return this.#write(handle, () => this.#writer.save(handle, record));
  }

  /**
   * Removes the record, of this revision if one is given, and resolves to whether it was live. Rejects with
   * RECORD_CORRUPT only if a revision is given.
   */
  delete(handle: string, revision?: number): Promise<boolean> {
    return this.#write(handle, () => this.#writer.delete(handle, revision));
  }

  /**
   * Moves the expiry of the live record, of this revision if one is given, and resolves to whether it did.
   * `expiresAt` is in ms since the epoch.
   */
  touch(handle: string, expiresAt: number, revision?: number): Promise<boolean> {
    return this.#write(handle, () => this.#writer.touch(handle, expiresAt, revision));
  }

  /**
   * Streams the live records, all or those of one owner, and rejects with RECORD_CORRUPT at its end if it has
   * skipped damaged ones. Closing the store ends it at the next page.
   */
  async *list(owner?: string): AsyncGenerator<readonly [handle: string, record: SessionRecord]> {
    const pages = owner === undefined ? this.#listing.all() : this.#listing.ofOwner(owner);
    const rejected = (error: unknown) => Promise.reject(readError(error));
    const nextPage = () => this.#lifeCycle.run(() => pages.next()).catch(rejected);
    for (let next = await nextPage(); !next.done; next = await nextPage()) yield* next.value;
  }

  /** Resolves once all calls under way have settled. Leaves the client open. Closing twice is fine. */
  close(): Promise<void> {
    return this.#lifeCycle.close();
  }

  /** As `close()`, at the end of a block with `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #write(handle: string, write: () => Promise<boolean>): Promise<boolean> {
    return this.#lifeCycle.run(write).catch((error: unknown) => {
      throw refusalOf(error) === "WRONGTYPE" ? unreadable(handle, error) : writeError(error);
    });
  }
}
