import { isHandle } from "@sess/core/adapter";

/**
 * The Redis keys of a store. A record's is the prefix and a handle, which are all equally long. An owner's
 * index has an `@` behind the prefix and none after it. So neither is ever a key of another prefix.
 */
export class Keyspace {
  readonly #prefix: string;

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** The key of the record of a handle. */
  recordKey(handle: string): string {
    return this.#prefix + handle;
  }

  /** The key of the sorted set that names an owner's sessions. `owner` is as `encodeOwner` gives it. */
  indexKey(owner: string): string {
    return `${this.#prefix}@${owner}`;
  }

  /** The handle that `key` is for; undefined if it is no key of a record under this prefix. */
  handleOf(key: string): string | undefined {
    const handle = key.slice(this.#prefix.length);
    return key.startsWith(this.#prefix) && isHandle(handle) ? handle : undefined;
  }

  /** The pattern by which SCAN finds the keys of records. */
  get recordPattern(): string {
    return `${this.#prefix.replace(/[\\*?[\]^-]/g, "\\$&")}~${"?".repeat(43)}`;
  }
}

/** An owner without characters that mean something in keys and records. `decodeURIComponent` undoes it. */
export function encodeOwner(owner: string): string {
  return encodeURIComponent(owner).replaceAll("~", "%7E");
}
