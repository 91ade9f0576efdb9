import { SessionError } from "@sess/core";
import { unreadable } from "./answers.ts";
import { type WriteBatcher, writeBatcher } from "./batches.ts";
import { type Database, pause, type Statement } from "./database.ts";
import { isBlocked } from "./faults.ts";
import type { Write, WriteStatements } from "./write-statements.ts";

/** ms that a write is asked for again while another transaction is in its way. */
const PATIENCE = 10_000;

/** ms between two attempts at most. */
const LONGEST_PAUSE = 300;

/** After so many attempts it is asked whether there is a lock at all. Most are gone by then. */
const DOUBTED_AFTER = 4;

/**
 * Asks for writes of one kind, and again for those that another transaction is in the way of. The server
 * is not left to wait: a statement that waits holds up what was sent with it, and takes a connection of
 * the pool.
 */
export class Writer {
  readonly #database: Database;
  readonly #quick: WriteBatcher;
  readonly #exact: WriteBatcher;
  readonly #lock: Statement;

  /** `lock` locks the row behind a handle, or fails at once. */
  constructor(database: Database, statements: WriteStatements, lock: Statement) {
    const { quick, exact, parameters } = statements;
    this.#database = database;
    this.#quick = writeBatcher(database, quick, parameters);
    this.#exact = writeBatcher(database, exact, parameters);
    this.#lock = lock;
  }

  /**
   * Resolves to whether the write was done.
   *
   * @throws STORE_UNAVAILABLE if something is in its way for ten seconds: nothing was written.
   */
  async write(write: Write): Promise<boolean> {
    const outcome = await this.#quick.add(write);
    if (outcome === "written" || outcome === "refused") return outcome === "written";
    return this.#writeInTheEnd(write, outcome === "blocked");
  }

  /** Asks until there is an outcome; `isBlocked` if it has been found in the way of others. */
  async #writeInTheEnd(write: Write, isBlocked: boolean): Promise<boolean> {
    const deadline = performance.now() + PATIENCE;
    let goesAlone = isBlocked;
    for (let attempt = 1; ; attempt += 1) {
      const outcome = await this.#exact.add({ ...write, goesAlone });
      if (outcome === "written" || outcome === "refused") return outcome === "written";
      if (outcome === "unanswered") throw unreadable("no outcome for a session");
      goesAlone ||= outcome === "blocked";
      const isDoubted = outcome === "locked" && attempt === DOUBTED_AFTER;
      if (isDoubted && !(await this.#mayBeLocked(write.handle))) return false;
      if (performance.now() > deadline) throw stillLocked();
      await pause(Math.random() * Math.min(2 ** attempt, LONGEST_PAUSE));
    }
  }

  /** A policy of row level security hides rows from updates as a lock does, but for good. */
  async #mayBeLocked(handle: string): Promise<boolean> {
    try {
      return (await this.#database.run(this.#lock, [handle])).length > 0;
    } catch (error) {
      if (isBlocked(error)) return true;
      throw error;
    }
  }
}

function stillLocked(): SessionError {
  return new SessionError(
    "STORE_UNAVAILABLE",
    `Nothing was written to PostgreSQL: for ${PATIENCE / 1000} seconds another transaction has locked the session's row, or what a foreign key or trigger of it needs. Look in pg_stat_activity for one that was left open.`,
  );
}
