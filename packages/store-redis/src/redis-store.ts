import { SessionError, type SessionRecord, type Store } from "@sess/core";
import { Batcher } from "./batcher.ts";
import type { RedisClient, RedisClusterClient } from "./client.ts";
import { Connection } from "./connection.ts";
import { isForeign, readError, writeError } from "./engine-errors.ts";
import { Keyspace } from "./keyspace.ts";
import { Listing } from "./listing.ts";
import { Loads } from "./loads.ts";
import { checkClient, type RedisStoreOptions, readPrefix } from "./options.ts";
import { damaged, decodeRecord } from "./record-text.ts";
import { CORRUPT, DONE } from "./steps.ts";
import { Turn } from "./turn.ts";
import { Writer } from "./writer.ts";

/**
 * Keeps sessions in Redis or Valkey, standalone or Cluster, for any number of processes. Redis expires
 * them by itself, by its own clock. Every method rejects with `STORE_CLOSED` once the store is closed,
 * and with `STORE_UNAVAILABLE` where server or client report a fault.
 */
export class RedisStore implements Store {
  readonly #keyspace: Keyspace;
  readonly #loads: Batcher<string>;
  readonly #writer: Writer;
  readonly #listing: Listing;
  #closed = false;

  /** A store over a connected client. `close()` leaves the client open. */
  constructor(client: RedisClient | RedisClusterClient, options: RedisStoreOptions = {}) {
    checkClient(client);
    const connection = new Connection(client);
    this.#keyspace = new Keyspace(readPrefix(options));
    const turn = new Turn();
    // Writes first: so a load sees what was asked for before it.
    this.#writer = new Writer(connection, this.#keyspace, turn);
    this.#loads = new Batcher(turn, new Loads(connection), connection.isSharded);
    this.#listing = new Listing(connection, this.#keyspace, (handle) => this.load(handle));
  }

  /** From the primary. Loads of one turn go out as one read, unless the server is a cluster. */
  async load(key: string): Promise<SessionRecord | undefined> {
    this.#assertOpen();
    let text: unknown;
    try {
      text = await this.#loads.add(this.#keyspace.record(key));
    } catch (error) {
      throw isForeign(error) ? damaged(key, error) : readError(error);
    }
    if (text === null || text === undefined) return undefined;
    const record = decodeRecord(key, String(text));
    // Redis has expired it by its own clock, unless a key was restored without its expiry.
    return record.expiresAt > Date.now() ? record : undefined;
  }

  async save(key: string, record: SessionRecord): Promise<boolean> {
    this.#assertOpen();
    try {
      return outcomeOf(key, await this.#writer.save(key, record));
    } catch (error) {
      throw faultOf(key, error);
    }
  }

  async delete(key: string, revision?: number): Promise<boolean> {
    this.#assertOpen();
    try {
      return outcomeOf(key, await this.#writer.delete(key, revision));
    } catch (error) {
      throw faultOf(key, error);
    }
  }

  async touch(key: string, expiresAt: number, revision?: number): Promise<boolean> {
    this.#assertOpen();
    try {
      return outcomeOf(key, await this.#writer.touch(key, expiresAt, revision));
    } catch (error) {
      throw faultOf(key, error);
    }
  }

  async *list(owner?: string): AsyncGenerator<readonly [key: string, record: SessionRecord]> {
    this.#assertOpen();
    const found = owner === undefined ? this.#listing.all() : this.#listing.of(owner);
    try {
      yield* found;
    } catch (error) {
      throw readError(error);
    }
  }

  /** The client is its owner's to close. Twice is fine. */
  async close(): Promise<void> {
    this.#closed = true;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #assertOpen(): void {
    if (!this.#closed) return;
    throw new SessionError("STORE_CLOSED", "RedisStore: it was closed; make a new one");
  }
}

/** What a script's answer means. Some clients make text of numbers. */
function outcomeOf(key: string, reply: unknown): boolean {
  const outcome = Number(reply);
  if (outcome === CORRUPT) throw damaged(key);
  return outcome === DONE;
}

function faultOf(key: string, error: unknown): SessionError {
  return isForeign(error) ? damaged(key, error) : writeError(error);
}
