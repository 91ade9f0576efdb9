/** A handle's form. */
const HANDLE = /^~[\w-]{43}$/;

/**
 * The names of a store's keys. A record's is prefix and handle, so of fixed length for a prefix; an
 * owner's has an `@` behind the prefix and none after it: so neither is ever a key of another prefix.
 */
export class Keyspace {
  readonly #prefix: string;

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  record(handle: string): string {
    return this.#prefix + handle;
  }

  /** Of the sorted set that names an owner's sessions. `owner` as `encodeOwner` gives it. */
  owner(owner: string): string {
    return `${this.#prefix}@${owner}`;
  }

  /** Undefined where the key is not that of a record under this prefix. */
  handleOf(key: string): string | undefined {
    if (!key.startsWith(this.#prefix)) return undefined;
    const handle = key.slice(this.#prefix.length);
    return isHandle(handle) ? handle : undefined;
  }

  /** What SCAN matches records by. */
  get pattern(): string {
    return `${this.#prefix.replace(/[\\*?[\]^-]/g, "\\$&")}~${"?".repeat(43)}`;
  }
}

export function isHandle(text: string): boolean {
  return HANDLE.test(text);
}

/** An owner as text without space, line feed, `@`, `~` or brace, which mean something in keys and records. */
export function encodeOwner(owner: string): string {
  return encodeURIComponent(owner).replaceAll("~", "%7E");
}

export function decodeOwner(text: string): string {
  return decodeURIComponent(text);
}
