import { named, type Statement } from "./client.ts";
import { numbers, texts, textsOrNull } from "./columns.ts";
import { FIELDS } from "./row.ts";

/** The database's clock in milliseconds. It stands still for as long as a statement runs. */
const NOW = "floor(extract(epoch FROM statement_timestamp()) * 1000)::bigint";

const REPLACED = `revision = excluded.revision, created_at = excluded.created_at,
  expires_at = excluded.expires_at, owner = excluded.owner, data = excluded.data`;

// What many calls bring along: a column for each parameter of one.
const SAVING = `unnest(${texts(1)}, ${numbers(2)}, ${numbers(3)}, ${numbers(4)},
    ${textsOrNull(5)}, ${texts(6)}) AS v (key, ${FIELDS})`;
const TOUCHING = `unnest(${texts(1)}, ${numbers(2)}, ${numbers(3)}) AS v (key, expires_at, revision)`;
const DELETING = `unnest(${texts(1)}, ${numbers(2)}) AS v (key, revision)`;

/** The same, worked out once for all rows and not for each. */
const NOW_FOR_ALL = `(SELECT ${NOW})`;

const LIVE = `t.expires_at > ${NOW_FOR_ALL}`;

/** Where no revision is named, any is right. */
const SAME = "t.revision = coalesce(v.revision, t.revision)";

/** Every statement that is run on a table, each for one session and for many. */
export type Statements = ReturnType<typeof statementsFor>;

/** `table` is in quotes. What comes from a caller is a parameter in all of them. */
export function statementsFor(table: string) {
  return {
    load: named(`SELECT ${FIELDS} FROM ${table} WHERE key = $1 AND expires_at > ${NOW}`),
    loadMany: named(`SELECT ${FIELDS}, key FROM ${table}
WHERE key = ANY (${texts(1)}) AND expires_at > ${NOW_FOR_ALL}`),

    // Revision 1 goes over nothing, or over what has expired.
    create: named(`INSERT INTO ${table} AS t (key, ${FIELDS}) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (key) DO UPDATE SET ${REPLACED}
WHERE t.expires_at <= ${NOW} RETURNING key`),
    createMany: named(`INSERT INTO ${table} AS t (key, ${FIELDS})
SELECT * FROM ${SAVING} ORDER BY v.key COLLATE "C"
ON CONFLICT (key) DO UPDATE SET ${REPLACED}
WHERE t.expires_at <= ${NOW} RETURNING key`),

    // A later revision is a plain update: an upsert would bring back what was ended.
    replace: named(`UPDATE ${table}
SET revision = $2, created_at = $3, expires_at = $4, owner = $5, data = $6
WHERE key = $1 AND revision = $2::bigint - 1 AND expires_at > ${NOW} RETURNING key`),
    replaceMany: named(`${locked(table, SAVING, `t.revision = v.revision - 1 AND ${LIVE}`)}
UPDATE ${table} AS t
SET revision = v.revision, created_at = v.created_at, expires_at = v.expires_at,
  owner = v.owner, data = v.data
FROM locked AS v WHERE t.key = v.key RETURNING t.key`),

    touch: named(`UPDATE ${table} SET expires_at = $2
WHERE key = $1 AND revision = coalesce($3::bigint, revision) AND expires_at > ${NOW} RETURNING key`),
    touchMany: named(`${locked(table, TOUCHING, `${SAME} AND ${LIVE}`)}
UPDATE ${table} AS t SET expires_at = v.expires_at
FROM locked AS v WHERE t.key = v.key RETURNING t.key`),

    // An expired one goes too: were the clock set back, it would live again.
    delete: named(`DELETE FROM ${table}
WHERE key = $1 AND revision = coalesce($2::bigint, revision)
RETURNING key, expires_at > ${NOW} AS live`),
    deleteMany: named(`${locked(table, DELETING, SAME)}
DELETE FROM ${table} AS t
USING locked AS v WHERE t.key = v.key RETURNING t.key, t.expires_at > ${NOW_FOR_ALL} AS live`),

    list: page(table, `${FIELDS}, key`),
    listOwned: page(table, `${FIELDS}, key`, "owner = $3 AND"),
    listKeys: page(table, "key"),
    listKeysOwned: page(table, "key", "owner = $3 AND"),

    // Many processes may sweep: each takes what no other has, and waits for none. By their place, since
    // the planner takes a join with so many keys for a reason to read the whole table.
    sweep: named(`DELETE FROM ${table} WHERE ctid = ANY (ARRAY(
  SELECT ctid FROM ${table} WHERE expires_at <= ${NOW}
  ORDER BY expires_at LIMIT $1 FOR UPDATE SKIP LOCKED
)) RETURNING NULL`),
  };
}

/** The live rows behind a key, so many of them. */
function page(table: string, columns: string, where = ""): Statement {
  return named(`SELECT ${columns} FROM ${table}
WHERE ${where} key > $1 AND expires_at > ${NOW} ORDER BY key LIMIT $2`);
}

/**
 * Locks the rows of a batch in the order of their keys, before one of them is written. Two batches
 * that meet would else wait for each other in a circle: a join takes rows in whatever order it likes.
 */
function locked(table: string, input: string, where: string): string {
  return `WITH locked AS MATERIALIZED (
  SELECT v.* FROM ${input} JOIN ${table} AS t ON t.key = v.key
  WHERE ${where} ORDER BY t.key FOR UPDATE OF t
)`;
}
