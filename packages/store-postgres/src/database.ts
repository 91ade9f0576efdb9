import { createHash } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { isPreparing, type PostgresClient, type Row, type Statement } from "./client.ts";
import { isCollision } from "./faults.ts";

/** How often a statement is tried that the server keeps undoing. */
const MAX_ATTEMPTS = 40;

/** ms between two attempts. */
const LONGEST_PAUSE = 64;

/** Runs statements, each in a transaction of its own. */
export class Database {
  readonly #client: PostgresClient;

  constructor(client: PostgresClient) {
    this.#client = client;
  }

  /**
   * One round trip. Under an isolation stricter than READ COMMITTED the server undoes a statement that
   * meets another transaction; that is tried again. Rejects with the client's own errors.
   */
  async run(statement: Statement, values: unknown[]): Promise<Row[]> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#send(statement, values);
      } catch (error) {
        if (attempt === MAX_ATTEMPTS || !isCollision(error)) throw error;
        await pause(Math.random() * Math.min(2 ** attempt, LONGEST_PAUSE));
      }
    }
  }

  async #send({ name, text }: Statement, values: unknown[]): Promise<Row[]> {
    const client = this.#client;
    const { rows } = isPreparing(client)
      ? await client.query({ name, text, values, rowMode: "array" })
      : await client.query(text, values);
    // The properties of a row by column stand in the order of its columns.
    return rows.map((row) => Object.values<unknown>(row));
  }
}

/** A statement named after its text, so that one connection can serve stores on several tables. */
export function statement(text: string): Statement {
  const hash = createHash("sha256").update(text).digest("base64url");
  return { name: `sess-${hash.slice(0, 22)}`, text };
}
