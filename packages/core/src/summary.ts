import type { Encoding } from "./format/encoding.ts";
import type { Snapshot } from "./format/snapshot.ts";
import type { Key, Untyped } from "./untyped.ts";

/** What a list shows of a session: enough to recognise and end it, not to use it. */
export interface SessionSummary<Values extends object = Untyped> {
  /** For `revoke()`. */
  readonly handle: string;
  readonly owner: string | undefined;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  /** A copy of a stored value; undefined where there is none or the data is sealed. */
  get<K extends Key<Values>>(key: K): Values[K] | undefined;
}

/** A summary that decodes nothing but what is asked for. */
export class RecordSummary<Values extends object> implements SessionSummary<Values> {
  readonly handle: string;
  readonly owner: string | undefined;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly #snapshot: Snapshot;
  readonly #encoding: Encoding;

  constructor(handle: string, snapshot: Snapshot, encoding: Encoding) {
    const { owner, createdAt, expiresAt } = snapshot.record;
    this.handle = handle;
    this.owner = owner;
    this.createdAt = new Date(createdAt);
    this.expiresAt = new Date(expiresAt);
    this.#snapshot = snapshot;
    this.#encoding = encoding;
  }

  get<K extends Key<Values>>(key: K): Values[K] | undefined;
  get(key: string): unknown {
    const text = this.#snapshot.fields.value(key);
    return text === undefined ? undefined : this.#encoding.decode(text);
  }
}
