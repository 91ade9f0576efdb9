import type { SessionRecord } from "@sess/core";
import type { Shipping } from "./batcher.ts";
import type { Row } from "./client.ts";
import type { Engine } from "./engine.ts";
import { isDamage, isOfOneSession } from "./engine-errors.ts";
import { damagedRow, toRecord } from "./row.ts";
import type { Statements } from "./statements.ts";

/** Loads, by their keys. The same key twice is asked for once, and answered twice. */
export class Loads implements Shipping<string, SessionRecord | undefined> {
  readonly #engine: Engine;
  readonly #statements: Statements;
  readonly isOfOne = isOfOneSession;

  constructor(engine: Engine, statements: Statements) {
    this.#engine = engine;
    this.#statements = statements;
  }

  async send(keys: readonly string[]): Promise<(key: string) => SessionRecord | undefined> {
    const [only = "", ...others] = new Set(keys);
    const rows = others.length === 0 ? await this.#one(only) : await this.#many([only, ...others]);
    return (key) => {
      const row = rows.get(key);
      return row && toRecord(key, row);
    };
  }

  /** None: how much an answer holds is known when it is there. */
  sizeOf(): number {
    return 0;
  }

  async #one(key: string): Promise<ReadonlyMap<unknown, Row>> {
    try {
      const [row] = await this.#engine.run(this.#statements.load, [key]);
      return new Map(row && [[key, row]]);
    } catch (error) {
      throw isDamage(error) ? damagedRow(key, error) : error;
    }
  }

  async #many(keys: readonly string[]): Promise<ReadonlyMap<unknown, Row>> {
    const rows = await this.#engine.run(this.#statements.loadMany, [keys]);
    return new Map(rows.map((row) => [row["key"], row]));
  }
}
