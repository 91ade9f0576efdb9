/** Where statements run. */
export interface Surroundings {
  /** The table's name, quoted. */
  readonly table: string;
  /** Whether each statement is a transaction of its own, so that what it sets ends with it. */
  readonly ownsTransactions: boolean;
}

/** The server's clock in ms, read once for all rows of a statement. No other clock decides. */
const NOW = "(SELECT floor(extract(epoch FROM statement_timestamp()) * 1000)::bigint)";

// Conditions on a row `t` of the table, and on what a write asks for, which is a row `v`.
export const IS_LIVE = `t.expires_at > ${NOW}`;
export const HAS_EXPIRED = `t.expires_at <= ${NOW}`;
export const WILL_LIVE = `v.expires_at > ${NOW}`;
export const IS_NEXT_REVISION = "t.revision = v.revision - 1";
export const IS_NAMED_REVISION = "t.revision = coalesce(v.revision, t.revision)";

/** ms that a statement waits for what SKIP LOCKED does not skip, such as the row behind a foreign key. */
const LONGEST_WAIT = 50;

/**
 * A condition that is always true and, before the first row is looked at, sets what holds until the
 * transaction ends: how long locks are waited for and, where `isDurable` is true, that the commit waits
 * for the disk even if the server is set not to. In a transaction of the caller's the former would outlast
 * the statement, so there it is left as it is.
 */
export function settings({ ownsTransactions }: Surroundings, isDurable = "FALSE"): string {
  const wait = `set_config('lock_timeout', '${LONGEST_WAIT}', true)`;
  const disk = `CASE WHEN ${isDurable} AND current_setting('synchronous_commit') = 'off'
  THEN set_config('synchronous_commit', 'on', true) END`;
  const all = [...(ownsTransactions ? [wait] : []), ...(isDurable === "FALSE" ? [] : [disk])];
  return all.length === 0 ? "TRUE" : `(SELECT concat(${all.join(", ")})) IS NOT NULL`;
}
