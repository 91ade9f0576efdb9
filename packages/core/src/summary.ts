import type { Key, Untyped } from "./contract/values.ts";
import type { Encoding } from "./format/encoding.ts";
import { valueIn } from "./format/fields.ts";
import type { Snapshot } from "./format/snapshot.ts";

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
export function summaryOf<Values extends object>(
  handle: string,
  { record, fields }: Snapshot,
  encoding: Encoding,
): SessionSummary<Values> {
  function get<K extends Key<Values>>(key: K): Values[K] | undefined;
  function get(key: string): unknown {
    return encoding.decode(valueIn(fields, key));
  }
  return {
    handle,
    owner: record.owner,
    createdAt: new Date(record.createdAt),
    expiresAt: new Date(record.expiresAt),
    get,
  };
}
