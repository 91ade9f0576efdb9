import type { SessionRecord } from "@sess/core";
import type { Shipping } from "./batcher.ts";
import type { Values } from "./client.ts";
import { columnOf, isSeparable } from "./columns.ts";
import type { Engine } from "./engine.ts";
import { isDamage, isOfOneSession } from "./engine-errors.ts";
import { damagedRow, keyOf, toRecord } from "./row.ts";
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
    const rows = await (others.length === 0 ? this.#one(only) : this.#many([only, ...others]));
    return (key) => {
      const row = rows.get(key);
      return row && toRecord(key, row);
    };
  }

  /** How much an answer holds is known when it is there. */
  sizeOf(key: string): number {
    return isSeparable(key) ? 0 : Number.POSITIVE_INFINITY;
  }

  async #one(key: string): Promise<ReadonlyMap<string, Values>> {
    try {
      const [row] = await this.#engine.run(this.#statements.load, [key]);
      return new Map(row && [[key, row]]);
    } catch (error) {
      throw isDamage(error) ? damagedRow(key, error) : error;
    }
  }

  async #many(keys: readonly string[]): Promise<ReadonlyMap<string, Values>> {
    const rows = await this.#engine.run(this.#statements.loadMany, [columnOf(keys)]);
    return new Map(rows.map((row) => [keyOf(row), row]));
  }
}
