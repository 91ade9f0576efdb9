import type { SessionRecord } from "@sess/core";
import { preparedStatement, type Statement, statement } from "./database.ts";
import { type Column, manyRows, oneRow } from "./parameters.ts";
import { RECORD } from "./record.ts";
import {
  HAS_EXPIRED,
  IS_LIVE,
  IS_NAMED_REVISION,
  IS_NEXT_REVISION,
  type Surroundings,
  settings,
  WILL_LIVE,
} from "./sql.ts";

/** What a write says of a session. */
export type Write = { readonly handle: string } & {
  readonly [Name in keyof SessionRecord]?: SessionRecord[Name] | undefined;
} & {
  /** Whether it must be on the disk when it is acknowledged, even if the server is set not to wait. */
  readonly durability?: "durable" | "";
};

/** What became of a write. `locked`: another transaction has the row, and nothing was written. */
export type Outcome = "written" | "refused" | "locked";

/** The same for one session and for many. */
export interface BatchStatements {
  readonly one: Statement;
  readonly many: Statement;
}

/**
 * Two ways to ask for the same writes, each answering with handles and outcomes. Neither waits for a row
 * that another transaction has locked.
 */
export interface WriteStatements {
  /** What `$1`, `$2` … stand for. */
  readonly parameters: readonly (keyof Write)[];
  /** Answers only for the sessions where the write was done: the cheapest way, and mostly enough. */
  readonly quick: BatchStatements;
  /** Answers for each session. */
  readonly exact: BatchStatements;
}

/** The SQL of a write, over SQL for the rows `v` that it is asked for. */
interface Forms {
  readonly quickOne: (asked: string) => string;
  readonly quickMany: (asked: string) => string;
  readonly exact: (asked: string) => string;
}

/** A change of rows that are there. */
interface RowChange {
  /** The SQL that changes rows `t` by the rows `v` of `source`, up to its WHERE. */
  readonly change: (source: string) => string;
  /** What a row `t` must be like for `v`. */
  readonly condition: string;
  /** SQL for the outcome where the change was made. */
  readonly outcome: string;
  readonly lock: "NO KEY UPDATE" | "UPDATE";
}

/** The columns of what a write answers. */
const ANSWER = ["handle", "outcome"];

const HANDLE = { name: "handle", column: "handle", type: "text" } as const;
const REVISION = { name: "revision", column: "revision", type: "bigint" } as const;
const EXPIRES_AT = { name: "expiresAt", column: "expires_at", type: "bigint" } as const;
const SAVE = [
  HANDLE,
  REVISION,
  { name: "createdAt", column: "created_at", type: "bigint" },
  EXPIRES_AT,
  { name: "owner", column: "owner", type: "text", isNullable: true },
  { name: "data", column: "data", type: "text" },
  { name: "durability", column: "durability", type: "text" },
] as const;

/** SQL for whether one of the saves must be durable, from the last of their parameters. */
const HAS_DURABLE_SAVE = `$${SAVE.length} LIKE '%durable%'`;

/** The order in which batches insert rows: two that meet must not wait for each other in a circle. */
const IN_ORDER = 'ORDER BY v.handle COLLATE "C"';

/** A first save goes where there is no row, or over an expired one. */
export function creates(surroundings: Surroundings): WriteStatements {
  const { table } = surroundings;
  const columns = RECORD.join(", ");
  const insert = (source: string, condition: string) => `INSERT INTO ${table} AS t (${columns})
SELECT ${columns} FROM ${source} WHERE ${WILL_LIVE} AND ${condition}`;
  // Looks first: a conflict would wait for whoever has locked the row.
  const quick = (asked: string) =>
    insert(`(${asked}) AS v`, `NOT EXISTS (SELECT FROM ${table} AS t WHERE t.handle = v.handle)`);
  const ifNew = "ON CONFLICT (handle) DO NOTHING RETURNING t.handle, 'written' AS outcome";
  const exact = (asked: string) => `WITH v AS MATERIALIZED (${asked}), found AS MATERIALIZED (
  SELECT v.handle, ${HAS_EXPIRED} AS has_expired
  FROM v JOIN ${table} AS t ON t.handle = v.handle
), taken AS MATERIALIZED (
  SELECT t.handle FROM found AS v JOIN ${table} AS t ON t.handle = v.handle
  WHERE v.has_expired AND ${HAS_EXPIRED} FOR NO KEY UPDATE OF t SKIP LOCKED
), done AS (
  ${insert("v", "v.handle NOT IN (SELECT handle FROM found EXCEPT SELECT handle FROM taken)")}
  ${IN_ORDER} ON CONFLICT (handle)
  DO UPDATE SET revision = excluded.revision, created_at = excluded.created_at,
    expires_at = excluded.expires_at, owner = excluded.owner, data = excluded.data
  WHERE ${HAS_EXPIRED} RETURNING t.handle, 'written' AS outcome
) ${outcomes(`SELECT ${WILL_LIVE} FROM found WHERE found.handle = v.handle AND has_expired`)}`;
  return writes(SAVE, settings(surroundings, HAS_DURABLE_SAVE), {
    quickOne: (asked) => `${quick(asked)} ${ifNew}`,
    quickMany: (asked) => `${quick(asked)} ${IN_ORDER} ${ifNew}`,
    exact,
  });
}

/** A later save is a plain update: an upsert would bring back what has ended. */
export function replaces(surroundings: Surroundings): WriteStatements {
  const { table } = surroundings;
  // Parallel requests to one session are refused each time they meet, so the exact form is prepared, too.
  const forms = formsOf(table, {
    change: (source) => `UPDATE ${table} AS t SET revision = v.revision, created_at = v.created_at,
  expires_at = v.expires_at, owner = v.owner, data = v.data FROM ${source}`,
    condition: `${IS_NEXT_REVISION} AND ${IS_LIVE} AND ${WILL_LIVE}`,
    outcome: "'written'",
    lock: "NO KEY UPDATE",
  });
  const condition = settings(surroundings, HAS_DURABLE_SAVE);
  return writes(SAVE, condition, forms, preparedStatement);
}

/** A touch moves the expiry of a live row, of the revision if one is named. */
export function touches(surroundings: Surroundings): WriteStatements {
  const { table } = surroundings;
  const forms = formsOf(table, {
    change: (source) => `UPDATE ${table} AS t SET expires_at = v.expires_at FROM ${source}`,
    condition: `${IS_NAMED_REVISION} AND ${IS_LIVE} AND ${WILL_LIVE}`,
    outcome: "'written'",
    lock: "NO KEY UPDATE",
  });
  return writes([HANDLE, EXPIRES_AT, REVISION], settings(surroundings), forms);
}

/**
 * A delete removes an expired row as well, though it does not count: were the clock set back, it would
 * live again. It is durable, as saves that end something are.
 */
export function deletes(surroundings: Surroundings): WriteStatements {
  const { table } = surroundings;
  const forms = formsOf(table, {
    change: (source) => `DELETE FROM ${table} AS t USING ${source}`,
    condition: IS_NAMED_REVISION,
    outcome: `CASE WHEN ${IS_LIVE} THEN 'written' ELSE 'refused' END`,
    lock: "UPDATE",
  });
  return writes([HANDLE, REVISION], settings(surroundings, "TRUE"), forms);
}

/** `condition` always holds: it sets what the statement needs before it looks at rows. */
function writes(
  columns: readonly Column<keyof Write>[],
  condition: string,
  { quickOne, quickMany, exact }: Forms,
  exactStatement: (text: string, columns: readonly string[]) => Statement = statement,
): WriteStatements {
  const one = `${oneRow(columns)} WHERE ${condition}`;
  const many = `${manyRows(columns)} WHERE ${condition}`;
  return {
    parameters: columns.map(({ name }) => name),
    quick: {
      one: preparedStatement(quickOne(one), ANSWER),
      many: preparedStatement(quickMany(many), ANSWER),
    },
    exact: { one: exactStatement(exact(one), ANSWER), many: exactStatement(exact(many), ANSWER) },
  };
}

/** The quick forms go without what the exact one needs to answer for each session. */
function formsOf(table: string, { change, condition, outcome, lock }: RowChange): Forms {
  const answer = `RETURNING t.handle, ${outcome} AS outcome`;
  const row = `FROM ${table} AS t WHERE t.handle = v.handle AND ${condition}`;
  const taken = `taken AS MATERIALIZED (
  SELECT v.* FROM v JOIN ${table} AS t ON t.handle = v.handle
  WHERE ${condition} FOR ${lock} OF t SKIP LOCKED
)`;
  const changed = `${change("taken AS v")} WHERE t.handle = v.handle ${answer}`;
  return {
    quickOne: (asked) => `${change(`(${asked}) AS v`)}
WHERE t.handle = (SELECT t.handle ${row} FOR ${lock} SKIP LOCKED) ${answer}`,
    quickMany: (asked) => `WITH v AS (${asked}), ${taken} ${changed}`,
    exact: (asked) => `WITH v AS MATERIALIZED (${asked}), ${taken}, done AS (${changed})
${outcomes(`SELECT TRUE ${row} AND ${IS_LIVE}`)}`,
  };
}

/**
 * Every session and its outcome. A row that was taken and not changed is one that a trigger or a policy
 * keeps from changing; `isThere` is SQL for whether one that was not taken is as it should be.
 */
function outcomes(isThere: string): string {
  return `SELECT v.handle, CASE WHEN done.handle IS NOT NULL THEN done.outcome
  WHEN taken.handle IS NULL AND (${isThere}) THEN 'locked' ELSE 'refused' END AS outcome
FROM v LEFT JOIN done ON done.handle = v.handle LEFT JOIN taken ON taken.handle = v.handle`;
}
