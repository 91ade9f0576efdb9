import type { Key, Untyped } from "./contract/values.ts";
import type { Environment } from "./environment/environment.ts";
import type { ListedSession } from "./operations/list.ts";

/** What a list shows of a session: enough to recognise and end it, not to use it. */
export interface SessionSummary<Values extends object = Untyped> {
  /** For `revoke()`. */
  readonly handle: string;
  readonly owner: string | undefined;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  /**
   * A copy of a stored value; undefined if there is none or the data is sealed. Decodes nothing else.
   *
   * @throws RECORD_CORRUPT if the stored text cannot be decoded.
   */
  get<K extends Key<Values>>(key: K): Values[K] | undefined;
}

/** A summary of a listed session. */
export function summaryOf<Values extends object>(
  { fields, encoding }: Environment,
  { handle, snapshot }: ListedSession,
): SessionSummary<Values> {
  function get<K extends Key<Values>>(key: K): Values[K] | undefined;
  function get(key: string): unknown {
    const text = fields.valueIn(snapshot.fields, key);
    return text === undefined ? undefined : encoding.decode(text);
  }
  return {
    handle,
    owner: snapshot.record.owner,
    createdAt: new Date(snapshot.record.createdAt),
    expiresAt: new Date(snapshot.record.expiresAt),
    get,
  };
}
