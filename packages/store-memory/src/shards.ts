/**
 * A Map is copied as a whole when it grows or shrinks, which holds everything else up: at a million
 * keys for 50 ms. These are sixteen thousand each. A power of two.
 */
const SHARDS = 64;

/** A map that never stops for long, however many keys it has. */
export class Shards<Value> {
  readonly #maps = Array.from({ length: SHARDS }, () => new Map<string, Value>());

  get(key: string): Value | undefined {
    return this.#maps[shardOf(key)]?.get(key);
  }

  set(key: string, value: Value): void {
    this.#maps[shardOf(key)]?.set(key, value);
  }

  delete(key: string): void {
    this.#maps[shardOf(key)]?.delete(key);
  }

  clear(): void {
    for (const map of this.#maps) map.clear();
  }
}

/** By the end of the key: a handle is a hash, and names that are numbered differ there. */
function shardOf(key: string): number {
  const end = key.length;
  const last = key.charCodeAt(end - 1) + 5 * key.charCodeAt(end - 2);
  // Of what is not a number, as of a short key, the bits are 0.
  return (last + key.charCodeAt(end - 3)) & (SHARDS - 1);
}
