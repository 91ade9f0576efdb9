import type { SaveOptions, SessionRecord, Store } from "@sess/core";
import { checkOption, checkOptions, KeyedQueue, LifeCycle } from "@sess/core/adapter";
import { type Row, unreadable } from "./answers.ts";
import { type LoadBatcher, loadBatcher } from "./batches.ts";
import { isPool, type PostgresClient } from "./client.ts";
import { Database } from "./database.ts";
import { faults } from "./faults.ts";
import { recordPages } from "./listing.ts";
import { CLIENT_RULE, OPTION_RULES, type PostgresStoreOptions } from "./options.ts";
import { type Statements, statementsFor } from "./statements.ts";
import { Table } from "./table.ts";
import type { Write, WriteStatements } from "./write-statements.ts";
import { Writer } from "./writer.ts";

/** Rows that one statement of a sweep removes: few enough not to hold their locks for long. */
const SWEEP_STEP = 1000;

type WriteKind = "create" | "replace" | "touch" | "delete";

/**
 * Keeps sessions in a table of PostgreSQL, for any number of processes. The database's clock decides
 * what has expired. Calls of one tick of the event loop go out as one statement.
 *
 * Every method rejects with STORE_CLOSED once the store or its client is closed, and with
 * STORE_UNAVAILABLE if the server is not reached or refuses.
 */
export class PostgresStore implements Store {
  readonly #lifeCycle = new LifeCycle("PostgresStore");
  /** Writes to one session, sent side by side, would race over the connections of a pool. */
  readonly #queue = new KeyedQueue();
  readonly #database: Database;
  readonly #table: Table;
  readonly #statements: Statements;
  readonly #loads: LoadBatcher;
  readonly #writers: Readonly<Record<WriteKind, Writer>>;

  /**
   * A store over a pool or client of `pg`, PGlite, or anything with their `query`, which stays open when
   * the store is closed.
   *
   * @throws INVALID_OPTION if the client is none, or an option is unknown or wrong.
   */
  constructor(client: PostgresClient, options: PostgresStoreOptions = {}) {
    checkOption("PostgresStore", "client", client, CLIENT_RULE);
    const { prepare = true, ...names } = checkOptions("PostgresStore", options, OPTION_RULES);
    this.#table = new Table(names);
    this.#database = new Database(client, prepare);
    this.#statements = statementsFor({ table: this.#table.name, ownsTransactions: isPool(client) });
    this.#loads = loadBatcher(this.#database, this.#statements.load);
    const { lock, create, replace, touch, delete: remove } = this.#statements;
    const writer = (statements: WriteStatements) => new Writer(this.#database, statements, lock);
    this.#writers = {
      create: writer(create),
      replace: writer(replace),
      touch: writer(touch),
      delete: writer(remove),
    };
  }

  /**
   * Makes the table and its indexes unless its schema has the table: then it changes nothing and takes no
   * privilege to make one. Many processes may do it at once.
   */
  createTable(): Promise<void> {
    return this.#writing(() => this.#table.createIn(this.#database));
  }

  /**
   * Resolves to the live record, or undefined.
   *
   * @throws RECORD_CORRUPT if its row cannot be read.
   */
  load(handle: string): Promise<SessionRecord | undefined> {
    return this.#reading(() => this.#loads.add(handle));
  }

  /**
   * Writes `record` if the live record's revision is one less, none counting as 0. Over a server that
   * acknowledges before the disk has it (`synchronous_commit = off`), `durable` makes this save wait.
   *
   * @throws DATA_TOO_LARGE if a row or an index cannot hold it.
   */
  save(handle: string, record: SessionRecord, options?: SaveOptions): Promise<boolean> {
    const { revision, createdAt, expiresAt, owner, data } = record;
    const kind = revision === 1 ? "create" : "replace";
    const durability = options?.durable ? "durable" : "";
    return this.#write(kind, { handle, revision, createdAt, expiresAt, owner, data, durability });
  }

  /** Removes the record, an expired one too, and resolves to whether a live one was removed. Is durable. */
  delete(handle: string, revision?: number): Promise<boolean> {
    return this.#write("delete", { handle, revision });
  }

  /** Moves the expiry (ms since the epoch) of a live record; given `revision`, only of that one. */
  touch(handle: string, expiresAt: number, revision?: number): Promise<boolean> {
    return this.#write("touch", { handle, expiresAt, revision });
  }

  /**
   * Yields the live records in the order of their handles, all or those of one owner.
   *
   * @throws RECORD_CORRUPT at the end, if rows that cannot be read were skipped.
   */
  async *list(owner?: string): AsyncGenerator<readonly [handle: string, record: SessionRecord]> {
    const source = { database: this.#database, statements: this.#statements, loads: this.#loads };
    const pages = recordPages(source, owner);
    for (;;) {
      const { value: page } = await this.#reading(() => pages.next());
      if (page === undefined) return;
      yield* page;
    }
  }

  /** Costs what has expired, not what lives. Any number of processes may do it at once. */
  sweep(): Promise<number> {
    return this.#writing(async () => {
      for (let removed = 0; ; ) {
        const [row] = await this.#database.run(this.#statements.sweep, [SWEEP_STEP]);
        const step = countIn(row);
        removed += step;
        if (step < SWEEP_STEP) return removed;
      }
    });
  }

  /** Resolves once all calls under way have settled. Leaves the client open. Closing twice is fine. */
  close(): Promise<void> {
    return this.#lifeCycle.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #write(kind: WriteKind, write: Write): Promise<boolean> {
    return this.#writing(() =>
      this.#queue.run(write.handle, () => this.#writers[kind].write(write)),
    );
  }

  #reading<Result>(call: () => Promise<Result>): Promise<Result> {
    return this.#lifeCycle.run(call).catch((error: unknown) => {
      throw faults.readError(error);
    });
  }

  #writing<Result>(call: () => Promise<Result>): Promise<Result> {
    return this.#lifeCycle.run(call).catch((error: unknown) => {
      throw faults.writeError(error);
    });
  }
}

/** @throws STORE_UNAVAILABLE if the row holds no number. */
function countIn(row: Row | undefined): number {
  const count = Number(row?.[0] || Number.NaN);
  if (!Number.isSafeInteger(count)) throw unreadable("no count of the rows that it removed");
  return count;
}
