import type { SessionRecord } from "@sess/core";
import type { Statement } from "./client.ts";
import { statement } from "./database.ts";
import { numbers, texts, textsOrNull } from "./parameters.ts";
import { COLUMNS } from "./record.ts";

/** What a write says of a session. */
export type Write = { readonly handle: string } & {
  readonly [Name in keyof SessionRecord]?: SessionRecord[Name] | undefined;
};

/** The same for one session and for many. */
export interface BatchStatements {
  readonly one: Statement;
  readonly many: Statement;
}

/** Writes, which return the handle of each live row that they wrote. */
export interface WriteStatements extends BatchStatements {
  /** What `$1`, `$2` … stand for. */
  readonly parameters: readonly (keyof Write)[];
}

/** Every statement that is run on a table. */
export type Statements = ReturnType<typeof statementsFor>;

/** The database's clock in ms. It stands still while a statement runs. */
const NOW = "floor(extract(epoch FROM statement_timestamp()) * 1000)::bigint";

/** The same, computed once for all rows of a statement. */
const NOW_ONCE = `(SELECT ${NOW})`;

// The parameters of writes to many sessions, as a table `v`.
const SAVES = `unnest(${texts(1)}, ${numbers(2)}, ${numbers(3)}, ${numbers(4)},
    ${textsOrNull(5)}, ${texts(6)}) AS v (${COLUMNS})`;
const TOUCHES = `unnest(${texts(1)}, ${numbers(2)}, ${numbers(3)}) AS v (handle, expires_at, revision)`;
const DELETES = `unnest(${texts(1)}, ${numbers(2)}) AS v (handle, revision)`;

const SAVE_PARAMETERS = ["handle", "revision", "createdAt", "expiresAt", "owner", "data"] as const;

// Conditions on a row `t` of the table.
const IS_LIVE = `t.expires_at > ${NOW_ONCE}`;
const IS_REVISION_IF_NAMED = "t.revision = coalesce(v.revision, t.revision)";

/** `table` is quoted. Whatever comes from a caller is a parameter. */
export function statementsFor(table: string) {
  const create = (rows: string) =>
    statement(`INSERT INTO ${table} AS t (${COLUMNS}) ${rows}
ON CONFLICT (handle) DO UPDATE SET revision = excluded.revision, created_at = excluded.created_at,
  expires_at = excluded.expires_at, owner = excluded.owner, data = excluded.data
WHERE t.expires_at <= ${NOW} RETURNING handle`);

  // Locks the rows of a batch in the order of their handles before one of them is written. Without it two
  // batches that meet would wait for each other in a circle: a join takes rows in any order.
  const locked = (writes: string, condition: string) => `WITH locked AS MATERIALIZED (
  SELECT v.* FROM ${writes} JOIN ${table} AS t ON t.handle = v.handle
  WHERE ${condition} ORDER BY t.handle FOR UPDATE OF t
)`;

  // Live rows behind the handle `$1`, at most `$2`.
  const page = (columns: string, condition = "") =>
    statement(`SELECT ${columns} FROM ${table}
WHERE ${condition} handle > $1 AND expires_at > ${NOW} ORDER BY handle LIMIT $2`);

  return {
    load: {
      one: statement(`SELECT ${COLUMNS} FROM ${table} WHERE handle = $1 AND expires_at > ${NOW}`),
      many: statement(`SELECT ${COLUMNS} FROM ${table}
WHERE handle = ANY (${texts(1)}) AND expires_at > ${NOW_ONCE}`),
    },

    /** A save with revision 1 goes where there is no row, or over an expired one. */
    create: {
      parameters: SAVE_PARAMETERS,
      one: create("VALUES ($1, $2, $3, $4, $5, $6)"),
      many: create(`SELECT * FROM ${SAVES} ORDER BY v.handle COLLATE "C"`),
    },

    /** A later save is a plain update: an upsert would bring back what has ended. */
    replace: {
      parameters: SAVE_PARAMETERS,
      one: statement(`UPDATE ${table}
SET revision = $2, created_at = $3, expires_at = $4, owner = $5, data = $6
WHERE handle = $1 AND revision = $2::bigint - 1 AND expires_at > ${NOW} RETURNING handle`),
      many: statement(`${locked(SAVES, `t.revision = v.revision - 1 AND ${IS_LIVE}`)}
UPDATE ${table} AS t SET revision = v.revision, created_at = v.created_at,
  expires_at = v.expires_at, owner = v.owner, data = v.data
FROM locked AS v WHERE t.handle = v.handle RETURNING t.handle`),
    },

    touch: {
      parameters: ["handle", "expiresAt", "revision"],
      one: statement(`UPDATE ${table} SET expires_at = $2
WHERE handle = $1 AND revision = coalesce($3::bigint, revision) AND expires_at > ${NOW}
RETURNING handle`),
      many: statement(`${locked(TOUCHES, `${IS_REVISION_IF_NAMED} AND ${IS_LIVE}`)}
UPDATE ${table} AS t SET expires_at = v.expires_at
FROM locked AS v WHERE t.handle = v.handle RETURNING t.handle`),
    },

    /** Removes an expired row as well: were the clock set back, it would live again. */
    delete: {
      parameters: ["handle", "revision"],
      one: statement(`DELETE FROM ${table}
WHERE handle = $1 AND revision = coalesce($2::bigint, revision)
RETURNING CASE WHEN expires_at > ${NOW} THEN handle END`),
      many: statement(`${locked(DELETES, IS_REVISION_IF_NAMED)}
DELETE FROM ${table} AS t
USING locked AS v WHERE t.handle = v.handle RETURNING CASE WHEN ${IS_LIVE} THEN t.handle END`),
    },

    list: { rows: page(COLUMNS), handles: page("handle") },
    listOwned: { rows: page(COLUMNS, "owner = $3 AND"), handles: page("handle", "owner = $3 AND") },

    /**
     * Removes up to `$1` expired rows. Each of many processes takes those that no other has locked and
     * waits for none. By ctid, because a join on so many handles makes the planner read the whole table.
     */
    sweep: statement(`DELETE FROM ${table} WHERE ctid = ANY (ARRAY(
  SELECT ctid FROM ${table} WHERE expires_at <= ${NOW}
  ORDER BY expires_at LIMIT $1 FOR UPDATE SKIP LOCKED
)) RETURNING NULL`),
  } as const;
}
