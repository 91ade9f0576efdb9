import type { SessionRecord, Store } from "@sess/core";
import { Batcher } from "./batcher.ts";
import type { PostgresClient, Statement } from "./client.ts";
import { Engine } from "./engine.ts";
import { readError, writeError } from "./engine-errors.ts";
import { list } from "./listing.ts";
import { Loads } from "./loads.ts";
import { checkClient, type PostgresStoreOptions, tableName } from "./options.ts";
import { type Statements, statementsFor } from "./statements.ts";
import { sweep } from "./sweep.ts";
import { createTable, Table } from "./table.ts";
import { Turns } from "./turns.ts";
import { type Parameters, parametersOf, Writes } from "./writes.ts";

type WriteBatcher = Batcher<Parameters, boolean>;

/**
 * Keeps sessions in a table of PostgreSQL, for any number of processes. The database's clock decides
 * what has expired. Calls of one turn of the event loop go out as one statement. Every method rejects
 * with `STORE_CLOSED` once the store is closed, and with `STORE_UNAVAILABLE` where the server is not
 * reached or refuses.
 */
export class PostgresStore implements Store {
  readonly #engine: Engine;
  readonly #table: Table;
  readonly #statements: Statements;
  readonly #loads: Batcher<string, SessionRecord | undefined>;
  readonly #creates: WriteBatcher;
  readonly #replaces: WriteBatcher;
  readonly #touches: WriteBatcher;
  readonly #deletes: WriteBatcher;
  readonly #turns = new Turns();

  /**
   * A store over a pool or a client of `pg`, PGlite, or anything with their `query`. `close()` leaves
   * it open. Throws `INVALID_OPTION` for an option that makes no sense.
   */
  constructor(client: PostgresClient, options: PostgresStoreOptions = {}) {
    checkClient(client);
    this.#table = new Table(tableName(options));
    this.#engine = new Engine(client);
    const of = statementsFor(this.#table.name);
    const writes = (one: Statement, many: Statement) =>
      new Batcher(new Writes(this.#engine, one, many));
    this.#statements = of;
    this.#loads = new Batcher(new Loads(this.#engine, of));
    this.#creates = writes(of.create, of.createMany);
    this.#replaces = writes(of.replace, of.replaceMany);
    this.#touches = writes(of.touch, of.touchMany);
    this.#deletes = writes(of.delete, of.deleteMany);
  }

  /**
   * Makes the table and its indexes where they are missing. Safe when many processes do it at once,
   * and where the table is there it needs no privilege to make one.
   */
  createTable(): Promise<void> {
    return this.#engine.call(() => createTable(this.#engine, this.#table), writeError);
  }

  load(key: string): Promise<SessionRecord | undefined> {
    return this.#engine.call(() => this.#loads.add(key), readError);
  }

  save(key: string, record: SessionRecord): Promise<boolean> {
    const saves = record.revision === 1 ? this.#creates : this.#replaces;
    return this.#write(saves, parametersOf(key, record));
  }

  delete(key: string, revision?: number): Promise<boolean> {
    return this.#write(this.#deletes, [key, revision ?? null]);
  }

  touch(key: string, expiresAt: number, revision?: number): Promise<boolean> {
    return this.#write(this.#touches, [key, expiresAt, revision ?? null]);
  }

  /** In the order of the keys, a page at a time. */
  list(owner?: string): AsyncIterable<readonly [key: string, record: SessionRecord]> {
    return list(this.#engine, this.#statements, owner);
  }

  /** Costs what has expired. Any number of processes may do it at once. */
  sweep(): Promise<number> {
    return this.#engine.call(() => sweep(this.#engine, this.#statements), writeError);
  }

  /** Waits for the calls that are under way. The client stays open. Twice is fine. */
  close(): Promise<void> {
    return this.#engine.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #write(batcher: WriteBatcher, parameters: Parameters): Promise<boolean> {
    const [key] = parameters;
    return this.#engine.call(
      () => this.#turns.take(key, () => batcher.add(parameters)),
      writeError,
    );
  }
}
