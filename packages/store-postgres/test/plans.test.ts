import { beforeAll, describe, expect, test } from "@jest/globals";
import { type PostgresClient, PostgresStore } from "@sess/store-postgres";
import { missingPostgres, openPostgres } from "@sess/test-servers";
import type { Statement } from "../src/client.ts";
import { columnOf } from "../src/columns.ts";
import { statementsFor } from "../src/statements.ts";
import { Table } from "../src/table.ts";
import { type Place, placeInProcess, placeOn } from "./place.ts";
import { handle, handles } from "./sessions.ts";

const ROWS = 100_000;

let place: Place;
let db: PostgresClient;
let names: { schema: string; table: string };

beforeAll(async () => {
  // The plans of both are the same. A server fills a table much sooner.
  place =
    missingPostgres() === undefined
      ? await placeOn((await openPostgres()).url, { max: 1 })
      : await placeInProcess();
  db = place.db;
  names = place.table();
  await new PostgresStore(db, names).createTable();
  const { name } = new Table(names);
  // One in a hundred has expired, one in ten has an owner, who has ten.
  await db.query(
    `INSERT INTO ${name} SELECT '~' || lpad(i::text, 43, '0'), 1, 0,
       floor(extract(epoch FROM statement_timestamp()) * 1000)
         + CASE WHEN i % 100 = 0 THEN -i ELSE 3600000 + i END,
       CASE WHEN i % 10 = 0 THEN 'user ' || i / 100 END, repeat('data ', 10)
     FROM generate_series(1, $1) i`,
    [ROWS],
  );
  await db.query(`ANALYZE ${name}`, []);
}, 60_000);

const keys = columnOf(handles(64, 500));
const ones = columnOf(Array.from({ length: 64 }, () => 1));
const owners = columnOf(Array.from({ length: 64 }, () => "ada"));

const values: Record<keyof ReturnType<typeof statementsFor>, readonly unknown[]> = {
  load: [handle(1)],
  loadMany: [keys],
  create: [handle(1), 1, 1, 1, "ada", "data"],
  createMany: [keys, ones, ones, ones, owners, owners],
  replace: [handle(1), 2, 1, 1, "ada", "data"],
  replaceMany: [keys, ones, ones, ones, owners, owners],
  touch: [handle(1), 1, null],
  touchMany: [keys, ones, ones],
  delete: [handle(1), null],
  deleteMany: [keys, ones],
  list: ["", 100],
  listOwned: ["", 100, "user 7"],
  listKeys: ["", 100],
  listKeysOwned: ["", 100, "user 7"],
  sweep: [1000],
};

async function planOf({ text }: Statement, given: readonly unknown[]): Promise<string> {
  const { rows } = await db.query(`EXPLAIN ${text}`, [...given]);
  return rows.map((row) => row["QUERY PLAN"]).join("\n");
}

describe.each([
  ["for these values", "force_custom_plan"],
  ["for any values, as a connection keeps it", "force_generic_plan"],
])(`at ${ROWS} rows, planned %s,`, (_, mode) => {
  beforeAll(async () => {
    await db.query(`SET plan_cache_mode = ${mode}`, []);
  });

  test.each(Object.entries(values))("%s goes by an index alone", async (statement, given) => {
    const statements: Record<string, Statement> = statementsFor(new Table(names).name);
    const found = statements[statement];
    if (found === undefined) throw new Error(`there is no statement ${statement}`);
    const plan = await planOf(found, given);
    expect(plan).not.toContain("Seq Scan");
    // A new row meets another of its key in the index of the primary key.
    if (!statement.startsWith("create")) expect(plan).toMatch(/Index (Only )?Scan/);
    else expect(plan).toContain(`Conflict Arbiter Indexes: ${names.table}_pkey`);
  });
});

test("the sweep goes by the expiry, the list of an owner by the owner", async () => {
  const { sweep, listOwned } = statementsFor(new Table(names).name);
  expect(await planOf(sweep, values.sweep)).toContain(`${names.table}_expires_at_idx`);
  expect(await planOf(listOwned, values.listOwned)).toContain(`${names.table}_owner_idx`);
});
