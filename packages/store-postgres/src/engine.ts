import { setTimeout as pause } from "node:timers/promises";
import { SessionError } from "@sess/core";
import { type PostgresClient, type Statement, send, type Values } from "./client.ts";
import { isCollision } from "./engine-errors.ts";

/** How often a statement is tried that others undo, and how many ms it waits at most in between. */
const ATTEMPTS = 40;
const LONGEST_PAUSE = 64;

/** Runs statements, and knows when the last is done. */
export class Engine {
  readonly #client: PostgresClient;
  #underWay = 0;
  #closed = false;
  #whenIdle: (() => void)[] = [];

  constructor(client: PostgresClient) {
    this.#client = client;
  }

  assertOpen(): void {
    if (this.#closed) {
      throw new SessionError("STORE_CLOSED", "The store has been closed. Make a new one.");
    }
  }

  /** A call as a whole, waiting for its turn included: one that has begun is carried out. */
  async call<Outcome>(
    task: () => Promise<Outcome>,
    asError: (error: unknown) => SessionError,
  ): Promise<Outcome> {
    this.assertOpen();
    this.#underWay += 1;
    try {
      return await task();
    } catch (error) {
      throw asError(error);
    } finally {
      this.#underWay -= 1;
      if (this.#underWay === 0) for (const tell of this.#whenIdle.splice(0)) tell();
    }
  }

  /**
   * One round trip. Under a stricter isolation than READ COMMITTED the server undoes what meets
   * another transaction; that is tried again.
   */
  async run(statement: Statement, values: unknown[]): Promise<readonly Values[]> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await send(this.#client, statement, values);
      } catch (error) {
        if (attempt === ATTEMPTS || !isCollision(error)) throw error;
        await pause(Math.random() * Math.min(2 ** attempt, LONGEST_PAUSE));
      }
    }
  }

  /** Calls that are under way end first. The client stays open: it is its owner's. */
  close(): Promise<void> {
    this.#closed = true;
    return new Promise((resolve) => {
      if (this.#underWay > 0) this.#whenIdle.push(resolve);
      else resolve();
    });
  }
}
