import { preparedStatement, type Statement, statement } from "./database.ts";
import { textsIn } from "./parameters.ts";
import { RECORD } from "./record.ts";
import { HAS_EXPIRED, IS_LIVE, type Surroundings } from "./sql.ts";
import { type BatchStatements, creates, deletes, replaces, touches } from "./write-statements.ts";

/** Every statement that is run on a table. */
export type Statements = ReturnType<typeof statementsFor>;

/** Whatever comes from a caller is a parameter; the table's name is quoted. */
export function statementsFor(surroundings: Surroundings) {
  const { table } = surroundings;
  return {
    load: loads(table),
    create: creates(surroundings),
    replace: replaces(surroundings),
    touch: touches(surroundings),
    delete: deletes(surroundings),
    lock: lock(table),
    list: pages(table),
    listOwned: pages(table, "owner = $3 AND"),
    sweep: sweep(table),
  };
}

/** Live rows, by their handles. */
function loads(table: string): BatchStatements {
  const where = (condition: string) =>
    preparedStatement(
      `SELECT ${asText(RECORD)} FROM ${table} AS t WHERE ${condition} AND ${IS_LIVE}`,
      RECORD,
    );
  return { one: where("t.handle = $1"), many: where(`t.handle = ANY (${textsIn(1)})`) };
}

/** Locks the row behind the handle `$1`, or fails at once because another transaction has. */
function lock(table: string): Statement {
  const found = `SELECT t.handle FROM ${table} AS t WHERE t.handle = $1`;
  return statement(`${found} FOR UPDATE NOWAIT`, ["handle"]);
}

/** Live rows behind the handle `$1`, at most `$2`. */
function pages(table: string, condition = "") {
  const page = (columns: readonly string[]) =>
    statement(
      `SELECT ${asText(columns)} FROM ${table} AS t
WHERE ${condition} t.handle > $1 AND ${IS_LIVE} ORDER BY t.handle LIMIT $2`,
      columns,
    );
  return { rows: page(RECORD), handles: page(["handle"]) };
}

/**
 * Removes up to `$1` expired rows. Each of many processes takes those that no other has locked and waits
 * for none. Rows are named by their handles: a ctid names one in each partition.
 */
function sweep(table: string): Statement {
  return statement(
    `WITH gone AS (DELETE FROM ${table} WHERE handle = ANY (ARRAY(
  SELECT t.handle FROM ${table} AS t WHERE ${HAS_EXPIRED}
  ORDER BY t.expires_at LIMIT $1 FOR UPDATE SKIP LOCKED
)) RETURNING 1)
SELECT count(*)::text AS removed FROM gone`,
    ["removed"],
  );
}

/** Clients hand out text as it is, and other types as their settings say. */
function asText(columns: readonly string[]): string {
  return columns.map((column) => `t.${column}::text AS ${column}`).join(", ");
}
