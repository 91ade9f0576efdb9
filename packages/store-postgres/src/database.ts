import { createHash } from "node:crypto";
import timers from "node:timers/promises";
import { type Row, rowsOf } from "./answers.ts";
import { isPreparing, type PostgresClient } from "./client.ts";
import { isCollision, isUnprepared } from "./faults.ts";

/** One text of SQL, and what it answers. */
export interface Statement {
  /** The name under which a connection keeps it prepared; without one it is parsed each time. */
  readonly name?: string;
  readonly text: string;
  /** The columns of its rows, all of them text. */
  readonly columns: readonly string[];
}

/** Resolves after so many ms. Taken at import, so that a test that fakes timers later stops no store. */
export const { setTimeout: pause } = timers;

/** How often a statement is tried that the server undoes. */
const MAX_ATTEMPTS = 5;

/** ms before the second attempt at most, and twice as long before each further one. */
const FIRST_PAUSE = 4;

/** Clients leave what they read as it is, whatever parsers the application has set. */
const AS_TEXT = { getTypeParser: () => String };

/** Runs statements, each in a transaction of its own. */
export class Database {
  readonly #client: PostgresClient;
  readonly #prepares: boolean;

  /** `prepares`: whether connections may keep statements prepared. */
  constructor(client: PostgresClient, prepares: boolean) {
    this.#client = client;
    this.#prepares = prepares;
  }

  /**
   * One round trip. Under an isolation stricter than READ COMMITTED the server undoes a statement that
   * meets another transaction; that is tried again. Rejects with the client's own errors.
   *
   * @throws STORE_UNAVAILABLE if the answer cannot be understood.
   */
  async run(statement: Statement, values: unknown[]): Promise<Row[]> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return rowsOf(await this.#send(statement, values), statement.columns);
      } catch (error) {
        if (attempt === MAX_ATTEMPTS || !isCollision(error)) throw error;
        await pause(Math.random() * FIRST_PAUSE * 2 ** attempt);
      }
    }
  }

  async #send({ name, text }: Statement, values: unknown[]): Promise<unknown> {
    const client = this.#client;
    if (!isPreparing(client)) return client.query(text, values);
    const query = { text, values, rowMode: "array", types: AS_TEXT } as const;
    if (name === undefined || !this.#prepares) return client.query(query);
    try {
      return await client.query({ ...query, name });
    } catch (error) {
      // DISCARD ALL, or a pooler in between, has taken what was prepared: nothing ran.
      if (isUnprepared(error)) return client.query(query);
      throw error;
    }
  }
}

/** A statement that is seldom run. */
export function statement(text: string, columns: readonly string[] = []): Statement {
  return { text, columns };
}

/**
 * A statement that is run often, and so prepared. It is named after its text, so that one connection can
 * serve stores on several tables.
 */
export function preparedStatement(text: string, columns: readonly string[]): Statement {
  const hash = createHash("sha256").update(text).digest("base64url");
  return { name: `sess-${hash.slice(0, 22)}`, text, columns };
}
