/**
 * What a store keeps of one session. Plain data: no id, no policy, no reference to anything that the
 * session holds.
 */
export interface SessionRecord {
  /** 1 for the first save of a session, one more for each later save. */
  readonly revision: number;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** Milliseconds since the epoch. From this instant on the record is gone. */
  readonly expiresAt: number;
  /**
   * Whose session it is: 1 to 255 bytes of UTF-8, well-formed, without NUL. Absent if the session has no
   * owner, never `undefined`.
   */
  readonly owner?: string;
  /** Opaque to the store. Well-formed text of any length, without NUL. */
  readonly data: string;
}

/** What `save` is told beside the record. */
export interface SaveOptions {
  /**
   * Set if the save ends something. A store that may lose an acknowledged save in a power loss must not
   * lose this one.
   * @default false
   */
  readonly durable?: boolean;
}

/**
 * Where sessions are kept: three methods, and optional ones that a store adds if its engine can do them.
 *
 * Stores are dumb. They see handles (never ids), opaque text and absolute times; every policy lives in
 * core.
 *
 * - A handle is `~` and 43 characters of the base64url alphabet.
 * - A missing or expired record is `undefined`, `false` or nothing to do. A rejection always means that
 *   the system failed.
 * - One clock decides in every method what has expired: the server's, if there is a server. No store
 *   filters by the clock of a process that talks to a server.
 * - Records are never shared. Changing a record that was handed in or out changes nothing in the store.
 * - Once a call has resolved, every later call sees its effect.
 */
export interface Store {
  /**
   * Resolves to the live record under `handle`, or undefined if there is none or it has expired.
   *
   * @throws RECORD_CORRUPT if there is a record that cannot be read.
   */
  load(handle: string): Promise<SessionRecord | undefined>;

  /**
   * Atomically writes `record` if the live record's revision is exactly one less, counting no live record
   * as 0. Resolves to whether it wrote.
   *
   * So a first save cannot overwrite another session, a stale save cannot overwrite a newer one, and no
   * save revives a deleted or expired session. Over a damaged record it resolves to false or rejects. If
   * the store's clock has reached `record.expiresAt`, it resolves to false and changes nothing.
   *
   * @throws DATA_TOO_LARGE if `record.data` does not fit; nothing is written.
   */
  save(handle: string, record: SessionRecord, options?: SaveOptions): Promise<boolean>;

  /**
   * Removes the record; given `revision`, only if the live record has that revision. Resolves to whether a
   * live record was removed. Removing what is not there is fine. Without `revision` it removes a damaged
   * record too.
   */
  delete(handle: string, revision?: number): Promise<boolean>;

  /**
   * Moves the expiry of a live record and changes nothing else; given `revision`, only if the live record
   * has that revision. Resolves to whether it did. Never revives a record. If the store's clock has
   * reached `expiresAt`, it resolves to false and changes nothing.
   */
  touch?(handle: string, expiresAt: number, revision?: number): Promise<boolean>;

  /**
   * Streams the live records, all or those of one owner, without holding the whole store in memory. Yields
   * every record that is live throughout the call, and may yield one twice. Skips damaged records; after
   * all others it then rejects.
   *
   * @throws RECORD_CORRUPT at the end, if damaged records were skipped.
   */
  list?(owner?: string): AsyncIterable<readonly [handle: string, record: SessionRecord]>;

  /**
   * Removes expired records in bounded steps and resolves to how many it removed. A damaged record stays,
   * unless its expiry can be read and has passed.
   * Absent if the engine expires records by itself.
   */
  sweep?(): Promise<number>;

  /**
   * Releases what the store holds open. Calls that were made before are carried out; every later one
   * rejects with STORE_CLOSED.
   */
  close?(): Promise<void>;

  /**
   * UTF-8 bytes of `record.data` that the store can hold.
   * @default no limit
   */
  readonly maxBytes?: number;
}
