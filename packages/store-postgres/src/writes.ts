import type { SessionRecord } from "@sess/core";
import type { Shipping } from "./batcher.ts";
import type { Statement, Values } from "./client.ts";
import { columnOf, isSeparable } from "./columns.ts";
import type { Engine } from "./engine.ts";
import { isOfOneSession } from "./engine-errors.ts";

/** What a write is about, as the parameters of its statement, the key first. */
export type Parameters = readonly [key: string, ...others: (string | number | null)[]];

/** Writes of one kind: a statement for one, and one that takes a column of each parameter. */
export class Writes implements Shipping<Parameters, boolean> {
  readonly #engine: Engine;
  readonly #one: Statement;
  readonly #many: Statement;
  readonly isOfOne = isOfOneSession;

  constructor(engine: Engine, one: Statement, many: Statement) {
    this.#engine = engine;
    this.#one = one;
    this.#many = many;
  }

  async send(calls: readonly Parameters[]): Promise<(call: Parameters) => boolean> {
    const [first, ...others] = calls;
    if (first === undefined) return () => false;
    if (others.length === 0) {
      const rows = await this.#engine.run(this.#one, [...first]);
      return () => rows.some(isLive);
    }
    const columns = first.map((_, place) => columnOf(calls.map((call) => call[place] ?? null)));
    const rows = await this.#engine.run(this.#many, columns);
    const written = new Set(rows.filter(isLive).map(([key]) => key));
    return ([key]) => written.has(key);
  }

  sizeOf(call: Parameters): number {
    const isApart = call.some((value) => typeof value === "string" && !isSeparable(value));
    if (isApart) return Number.POSITIVE_INFINITY;
    const last = call.at(-1);
    return typeof last === "string" ? last.length : 0;
  }
}

export function parametersOf(key: string, record: SessionRecord): Parameters {
  const { revision, createdAt, expiresAt, owner = null, data } = record;
  return [key, revision, createdAt, expiresAt, owner, data];
}

/** A row comes back for each write that was done; of a delete it says whether it was a live one. */
function isLive([, live]: Values): boolean {
  return live !== false;
}
