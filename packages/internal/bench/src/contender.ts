import type { Size, Values } from "./session-values.ts";

/** One that keeps sessions, and is measured. */
export interface Contender {
  readonly title: string;
  /** What it does not promise that @sess does, in a few words each. */
  readonly lacks: readonly string[];
  open(setting: Setting): Promise<Sessions>;
}

interface Setting {
  readonly size: Size;
  /** An empty directory of its own, or one that this contender has filled before. */
  readonly directory: string;
  /** The server, where the contender needs one. */
  readonly url?: string;
}

/**
 * The accesses of one contender. A token is what the client sends: an id, or a Cookie header where the
 * whole path of a request is measured. Every method resolves when the access has come to its end.
 */
export interface Sessions {
  /**
   * Stores so many sessions, numbered from 0, as fast as it can be done, and yields their tokens. They
   * live for a day, or for `lifetime` ms where the contender can be swept.
   */
  fill(count: number, lifetime?: number): AsyncIterable<string>;
  /** A token that fits no session. */
  stranger(): string | Promise<string>;
  /** Reads two keys and returns what `seen` makes of them; undefined where there is no session. */
  read(token: string): Promise<number | undefined>;
  /**
   * Reads the same keys and adds 1 to `views`, in the session with this number. Returns the token that
   * the client has afterwards.
   */
  change(token: string, index: number): Promise<string>;
  /** A new session with the values of this number. Returns its token. */
  create(index: number): Promise<string>;
  /** Only moves the expiry. Absent where there is no such access. */
  readonly extend?: ((token: string) => Promise<unknown>) | undefined;
  /** Reads all keys. Absent where it costs the same as to read two. */
  readAll(token: string): Promise<Values | undefined>;
  /** When the session expires, in ms since the epoch. Absent where that cannot be asked. */
  expiry?(token: string): Promise<number>;
  /** The same request to the same framework without sessions: what is not the contender's own. */
  bare?(token: string): Promise<unknown>;
  /** Removes what has expired. */
  sweep?(): unknown;
  close(): Promise<void>;
}
