import type { SessionRecord, Store } from "@sess/core";
import { checkOption, checkOptions, LifeCycle, Tick } from "@sess/core/adapter";
import type { RedisClient, RedisClusterClient } from "./client.ts";
import { Connection } from "./connection.ts";
import { faults, refusalOf } from "./faults.ts";
import { Keyspace } from "./keyspace.ts";
import { Listing } from "./listing.ts";
import { CLIENT_RULE, OPTION_RULES, type RedisStoreOptions } from "./options.ts";
import { Reader } from "./reader.ts";
import { unreadable } from "./record.ts";
import { Writer } from "./writer.ts";

/**
 * Keeps sessions in Redis or Valkey, standalone or Cluster, for any number of processes. Redis expires
 * them by itself, by its own clock. On one server, calls of one tick go out together, in their order.
 *
 * Every method rejects with STORE_CLOSED once the store is closed, with STORE_UNAVAILABLE if the server or
 * the client fails, and with RECORD_CORRUPT if there is something else than a record.
 */
export class RedisStore implements Store {
  readonly #lifeCycle = new LifeCycle("RedisStore");
  readonly #reader: Reader;
  readonly #writer: Writer;
  readonly #listing: Listing;

  /**
   * A store over a connected client, which stays open when the store is closed.
   *
   * @throws INVALID_OPTION if it is no client, or an option is unknown or wrong.
   */
  constructor(client: RedisClient | RedisClusterClient, options: RedisStoreOptions = {}) {
    checkOption("RedisStore", "client", client, CLIENT_RULE);
    const { prefix = "sess:" } = checkOptions("RedisStore", options, OPTION_RULES);
    const connection = new Connection(client);
    const keyspace = new Keyspace(prefix);
    const tick = new Tick();
    // The writer joins the tick first, so that a load sees what was asked for before it.
    this.#writer = new Writer(connection, keyspace, tick);
    this.#reader = new Reader(connection, keyspace, tick);
    this.#listing = new Listing(connection, keyspace, this.#reader);
  }

  /** Reads from the primary. */
  load(handle: string): Promise<SessionRecord | undefined> {
    return this.#lifeCycle.run(() => this.#reader.load(handle));
  }

  save(handle: string, record: SessionRecord): Promise<boolean> {
    return this.#write(handle, () => this.#writer.save(handle, record));
  }

  delete(handle: string, revision?: number): Promise<boolean> {
    return this.#write(handle, () => this.#writer.delete(handle, revision));
  }

  touch(handle: string, expiresAt: number, revision?: number): Promise<boolean> {
    return this.#write(handle, () => this.#writer.touch(handle, expiresAt, revision));
  }

  /** Closing the store ends it with STORE_CLOSED at the next page. */
  async *list(owner?: string): AsyncGenerator<readonly [handle: string, record: SessionRecord]> {
    const pages = owner === undefined ? this.#listing.all() : this.#listing.ofOwner(owner);
    const rejected = (error: unknown) => Promise.reject(faults.readError(error));
    const nextPage = () => this.#lifeCycle.run(() => pages.next()).catch(rejected);
    for (let next = await nextPage(); !next.done; next = await nextPage()) yield* next.value;
  }

  /** Resolves once all calls under way have settled. Leaves the client open. Closing twice is fine. */
  close(): Promise<void> {
    return this.#lifeCycle.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #write(handle: string, write: () => Promise<boolean>): Promise<boolean> {
    return this.#lifeCycle.run(write).catch((error: unknown) => {
      throw refusalOf(error) === "WRONGTYPE" ? unreadable(handle, error) : faults.writeError(error);
    });
  }
}
