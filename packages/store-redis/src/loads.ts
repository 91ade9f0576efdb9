import type { Shipping } from "./batcher.ts";
import type { Connection } from "./connection.ts";

/** Reads the text under a key: nothing where there is none, a rejection where it is no text. */
export class Loads implements Shipping<string> {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Async, so that a client which throws rejects this call and no other. */
  async one(key: string): Promise<unknown> {
    return this.#connection.send(key, ["GET", key]);
  }

  async many(keys: readonly string[]): Promise<readonly unknown[]> {
    const texts = Object(await this.#connection.send(first(keys), ["MGET", ...keys]));
    const missing = keys.filter((_, index) => !isThere(texts[index]));
    if (missing.length === 0) return texts;
    // MGET passes over what is no text as if nothing were there.
    const count = this.#connection.send(first(missing), ["EXISTS", ...missing]);
    return keys.map((key, index) =>
      isThere(texts[index]) ? texts[index] : this.#look(count, key),
    );
  }

  /** What is asked for says nothing about what comes. */
  sizeOf(): number {
    return 0;
  }

  /** Where some are there after all, or that cannot be told, each is asked for by itself. */
  async #look(count: Promise<unknown>, key: string): Promise<unknown> {
    const areThere = await count.then(Number, () => 1);
    return areThere === 0 ? undefined : this.one(key);
  }
}

function first(keys: readonly string[]): string {
  return keys[0] ?? "";
}

function isThere(text: unknown): boolean {
  return text !== null && text !== undefined;
}
