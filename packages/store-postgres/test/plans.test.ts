import { beforeAll, describe, expect, test } from "@jest/globals";
import { type PostgresClient, PostgresStore } from "@sess/store-postgres";
import { missingPostgres } from "@sess/test-servers";
import { handle, handles } from "@sess/test-support";
import type { Statement } from "../src/database.ts";
import { parameterOf } from "../src/parameters.ts";
import { statementsFor } from "../src/statements.ts";
import type { WriteStatements } from "../src/write-statements.ts";
import { schemaInProcess, schemaOnServer } from "./support/test-schema.ts";

const ROWS = 100_000;

/** In the schema that the search path names. */
const TABLE = `"sessions"`;

let db: PostgresClient;

beforeAll(async () => {
  // Both plan alike. A server fills a table much sooner.
  const schema = await (missingPostgres() === undefined
    ? schemaOnServer({ max: 1 })
    : schemaInProcess());
  db = schema.db;
  await db.query(`SET search_path = "${schema.name}"`, []);
  await new PostgresStore(db).createTable();
  // One in a hundred has expired; one in ten has an owner, and each owner has ten.
  await db.query(
    `INSERT INTO ${TABLE} SELECT '~' || lpad(i::text, 43, '0'), 1, 0,
       floor(extract(epoch FROM statement_timestamp()) * 1000)
         + CASE WHEN i % 100 = 0 THEN -i ELSE 3600000 + i END,
       CASE WHEN i % 10 = 0 THEN 'user ' || i / 100 END, repeat('data ', 10)
     FROM generate_series(1, $1) i`,
    [ROWS],
  );
  await db.query(`ANALYZE ${TABLE}`, []);
}, 60_000);

const statements = statementsFor({ table: TABLE, ownsTransactions: true });
const manyHandles = parameterOf(handles(64, 500));
const manyNumbers = parameterOf(Array.from({ length: 64 }, () => 1));
const manyTexts = parameterOf(Array.from({ length: 64 }, () => "ada"));
const oneSave = [handle(1), 2, 1, 1, "ada", "data", ""];
const manySaves = [manyHandles, manyNumbers, manyNumbers, manyNumbers, manyTexts, manyTexts, ""];

type Case = readonly [title: string, statement: Statement, values: readonly unknown[]];

/** Both ways of a write, for one session and for many. */
function casesOf(
  title: string,
  { quick, exact }: WriteStatements,
  values: Readonly<Record<"one" | "many", readonly unknown[]>>,
): Case[] {
  const ways = Object.entries({ quick, exact });
  return ways.flatMap(([way, { one, many }]): Case[] => [
    [`one ${title}, ${way}`, one, values.one],
    [`many ${title}s, ${way}`, many, values.many],
  ]);
}

const creates = casesOf("first save", statements.create, { one: oneSave, many: manySaves });

const others: Case[] = [
  ...casesOf("later save", statements.replace, { one: oneSave, many: manySaves }),
  ...casesOf("touch", statements.touch, {
    one: [handle(1), 1, null],
    many: [manyHandles, manyNumbers, manyNumbers],
  }),
  ...casesOf("delete", statements.delete, {
    one: [handle(1), null],
    many: [manyHandles, manyNumbers],
  }),
  ["a load", statements.load.one, [handle(1)]],
  ["loads", statements.load.many, [manyHandles]],
  ["a look at a lock", statements.lock, [handle(1)]],
  ["a page of a list", statements.list.rows, ["", 100]],
  ["the handles of a page", statements.list.handles, ["", 100]],
  ["a page of an owner's list", statements.listOwned.rows, ["", 100, "user 7"]],
  ["the handles of an owner's page", statements.listOwned.handles, ["", 100, "user 7"]],
  ["a sweep", statements.sweep, [1000]],
];

async function planOf({ text }: Statement, values: readonly unknown[]): Promise<string> {
  const { rows } = await db.query(`EXPLAIN ${text}`, [...values]);
  return rows.map((row) => row["QUERY PLAN"]).join("\n");
}

describe.each([
  ["for these values", "force_custom_plan"],
  ["for any values, as a connection keeps it", "force_generic_plan"],
])(`at ${ROWS} rows, planned %s,`, (_, mode) => {
  beforeAll(async () => {
    await db.query(`SET plan_cache_mode = ${mode}`, []);
  });

  test.each(creates)("the statement for %s finds a conflict by the primary key", async (...of) => {
    const [, statement, values] = of;
    const plan = await planOf(statement, values);
    expect(plan).not.toContain("Seq Scan");
    expect(plan).toContain("Conflict Arbiter Indexes: sessions_pkey");
  });

  test.each(others)("the statement for %s reads by an index alone", async (...of) => {
    const [, statement, values] = of;
    const plan = await planOf(statement, values);
    expect(plan).not.toContain("Seq Scan");
    expect(plan).toMatch(/Index (Only )?Scan/);
  });
});

test("a sweep goes by the expiry", async () => {
  expect(await planOf(statements.sweep, [1000])).toContain("sessions_expires_at_idx");
});

test("an owner's list goes by the owner", async () => {
  const plan = await planOf(statements.listOwned.rows, ["", 100, "user 7"]);
  expect(plan).toContain("sessions_owner_handle_idx");
});

test("no statement is left out above", () => {
  const texts = JSON.stringify(statements).match(/"text":/g);
  expect([...creates, ...others]).toHaveLength(texts?.length ?? 0);
});
