/**
 * What a store keeps of one session. Plain data: no id, no policy, no reference to anything that
 * the session holds.
 */
export interface SessionRecord {
  /** 1 for the first save of a session, one more for each later save. */
  readonly revision: number;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** Milliseconds since the epoch. From this instant on the record is gone. */
  readonly expiresAt: number;
  /**
   * Whose session it is: 1 to 255 bytes of UTF-8, well-formed, without NUL. Absent where the session
   * has no owner, never `undefined`.
   */
  readonly owner?: string;
  /** Opaque to the store. Well-formed text of any length, without NUL. */
  readonly data: string;
}

/**
 * Where sessions are kept. Three methods, and optional ones that a store adds when its engine can.
 *
 * Stores are dumb: they see handles (never ids), opaque text and absolute times. Every policy lives
 * in core.
 *
 * - A key is a handle: `~` and 43 characters of the base64url alphabet.
 * - Missing and expired are `undefined`, `false` or nothing to do. A rejection is a fault of the
 *   system and nothing else.
 * - One clock, the server's where there is one, decides in every method.
 * - What is handed in or out is never shared: a record changed by its holder changes nothing here.
 * - Whatever resolved is seen by each later call.
 */
export interface Store {
  /**
   * The live record under `key`, or undefined when there is none or it has expired. Rejects with
   * `RECORD_CORRUPT` where there is one that cannot be read.
   */
  load(key: string): Promise<SessionRecord | undefined>;

  /**
   * Atomically writes `record` if the live record's revision is exactly one less, no live record
   * counting as 0. Resolves to whether it was written.
   *
   * So a first save cannot overwrite another session, a stale save cannot overwrite a newer one, and
   * no save revives a deleted or expired session. Over a damaged record it resolves to false or
   * rejects.
   */
  save(key: string, record: SessionRecord): Promise<boolean>;

  /**
   * Removes the record; with `revision`, only if the live record has that revision. Resolves to
   * whether a live record was removed; removing what is not there is fine. Without `revision` it
   * works on a damaged record too.
   */
  delete(key: string, revision?: number): Promise<boolean>;

  /**
   * Moves the expiry of a live record and nothing else; with `revision`, only if the live record has
   * that revision. Resolves to whether it did. Never revives.
   */
  touch?(key: string, expiresAt: number, revision?: number): Promise<boolean>;

  /**
   * Live records, all or those of one owner, streamed, never the whole store in memory. Yields every
   * record that is live throughout the call; may repeat one. A damaged record is passed over; the
   * iteration then ends by rejecting with `RECORD_CORRUPT` after it has yielded all others.
   */
  list?(owner?: string): AsyncIterable<readonly [key: string, record: SessionRecord]>;

  /**
   * Removes expired records in bounded steps and resolves to how many. A damaged record is passed
   * over. Absent where the engine expires by itself.
   */
  sweep?(): Promise<number>;

  /** Gives back what the store holds open. Afterwards every call rejects with `STORE_CLOSED`. */
  close?(): Promise<void>;
}
