import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { PGlite } from "@electric-sql/pglite";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { PostgresStore } from "@sess/store-postgres";
import { missingPostgres, orSkip } from "@sess/test-servers";
import { handle, record, rejection } from "@sess/test-support";
import type { Pool } from "pg";
import { Table } from "../src/table.ts";
import { everyCall, expectUnavailable } from "./support/every-call.ts";
import { poolOf, schemaInProcess, schemaOnServer, type TestSchema } from "./support/test-schema.ts";

let inProcess: TestSchema<PGlite>;

beforeAll(async () => {
  inProcess = await schemaInProcess();
});

describe("createTable()", () => {
  test("makes the table and its indexes, and changes nothing the second time", async () => {
    const { schema, table } = inProcess.nextTable();
    const store = new PostgresStore(inProcess.db, { schema, table });
    await store.createTable();
    await store.save(handle(1), record());
    await store.createTable();
    expect(await store.load(handle(1))).toBeDefined();
    const { rows } = await inProcess.db.query<{ indexname: string }>(
      "SELECT indexname FROM pg_indexes WHERE schemaname = $1 AND tablename = $2 ORDER BY 1",
      [schema, table],
    );
    expect(rows.map(({ indexname }) => indexname)).toEqual([
      `${table}_expires_at_idx`,
      `${table}_owner_idx`,
      `${table}_pkey`,
    ]);
  });

  test("makes the table in the first schema of the search path if none is named", async () => {
    await inProcess.db.query(`SET search_path = "${inProcess.name}"`, []);
    const store = new PostgresStore(inProcess.db);
    await store.createTable();
    await store.save(handle(1), record());
    const { rows } = await inProcess.db.query(
      `SELECT count(*)::int AS count FROM "${inProcess.name}"."sessions"`,
      [],
    );
    expect(rows).toEqual([{ count: 1 }]);
    await inProcess.db.query("RESET search_path", []);
  });

  test.each([
    ["a quote", `a"b`],
    ["two quotes and a statement", `x"; DROP SCHEMA public; --`],
    ["an apostrophe", "it's"],
    ["a dollar quote", "$sess0$"],
    ["a dollar quote and its next", "$sess0$ $sess1$"],
    ["a backslash", "a\\b"],
    ["capitals and spaces", "My Sessions"],
    ["a word of SQL", "select"],
    ["letters of the world", "сессии 会话"],
    ["a dot", "a.b"],
    ["48 bytes", "n".repeat(48)],
  ])("takes a name with %s as it is", async (_, table) => {
    const store = new PostgresStore(inProcess.db, { schema: inProcess.name, table });
    await store.createTable();
    await store.createTable();
    expect(await store.save(handle(1), record({ owner: "ada" }))).toBe(true);
    expect(await store.load(handle(1))).toMatchObject({ owner: "ada" });
    const { rows } = await inProcess.db.query(
      "SELECT count(*)::int AS count FROM pg_indexes WHERE schemaname = $1 AND tablename = $2",
      [inProcess.name, table],
    );
    expect(rows).toEqual([{ count: 3 }]);
  });

  test("rejects if the schema is missing, and says so", async () => {
    const store = new PostgresStore(inProcess.db, { schema: "nowhere" });
    const error = await rejection(store.createTable());
    expect(error).toMatchObject({ code: "STORE_UNAVAILABLE", cause: { code: "3F000" } });
  });
});

describe("in this process,", () => {
  test("a missing table is an error that says what to call", async () => {
    const store = new PostgresStore(inProcess.db, inProcess.nextTable());
    await expectUnavailable(everyCall(store), { code: "42P01" }, /Call createTable\(\)/);
    await store.createTable();
    expect(await store.save(handle(1), record())).toBe(true);
  });

  test("a table of another make is an error that says so", async () => {
    const { schema, table } = inProcess.nextTable();
    await inProcess.db.query(`CREATE TABLE "${schema}"."${table}" (sid text PRIMARY KEY)`, []);
    const store = new PostgresStore(inProcess.db, { schema, table });
    await expectUnavailable(everyCall(store), { code: "42703" }, /not the one that createTable/);
  });

  test("a client that has been closed closes the store for good", async () => {
    const store = new PostgresStore(inProcess.db, inProcess.nextTable());
    await store.createTable();
    await inProcess.db.close();
    expect(await rejection(store.load(handle(1)))).toMatchObject({ code: "STORE_CLOSED" });
  });
});

test("the SQL of the README is what createTable() runs", () => {
  const readme = readFileSync(join(__dirname, "../README.md"), "utf8");
  const [, sql] = /^```sql\n(CREATE TABLE.*?)^```$/ms.exec(readme) ?? [];
  const steps = new Table({}).definition;
  expect(sql).toBe(steps.map((step) => `${step};\n`).join(""));
});

orSkip(describe, missingPostgres())("on a server,", () => {
  let schema: TestSchema<Pool> & { readonly url: string };

  beforeAll(async () => {
    schema = await schemaOnServer();
  });

  test("twenty processes may create the table at once", async () => {
    for (let round = 0; round < 5; round += 1) {
      const names = schema.nextTable();
      const pools = Array.from({ length: 10 }, () => poolOf(schema.url, { max: 2 }));
      const stores = pools.flatMap((pool) => [
        new PostgresStore(pool, names),
        new PostgresStore(pool, names),
      ]);
      await Promise.all(stores.map((store) => store.createTable()));
      const saved = await Promise.all(stores.map((store) => store.save(handle(1), record())));
      expect(saved.filter(Boolean)).toHaveLength(1);
      await Promise.all(pools.map((pool) => pool.end()));
    }
  });

  test("backslashes in a name are kept even if the server escapes by them", async () => {
    const names = { schema: schema.name, table: "a\\b'c" };
    const options = "-c standard_conforming_strings=off -c escape_string_warning=off";
    const store = new PostgresStore(poolOf(schema.url, { options }), names);
    await store.createTable();
    expect(await store.save(handle(1), record())).toBe(true);
  });

  test("a role that may not create anything can use a table that is there", async () => {
    const role = `${schema.name}_guest`;
    const names = schema.nextTable();
    await new PostgresStore(schema.db, names).createTable();
    await schema.db.query(`CREATE ROLE "${role}" LOGIN`);
    const guest = poolOf(schema.url, { options: `-c role=${role}` });
    try {
      await schema.db.query(`GRANT USAGE ON SCHEMA "${schema.name}" TO "${role}"`);
      const store = new PostgresStore(guest, names);
      await store.createTable();
      const denied = await rejection(store.load(handle(1)));
      expect(denied).toMatchObject({ code: "STORE_UNAVAILABLE", cause: { code: "42501" } });
      expect(String(denied)).toContain("privilege");
      const privileges = "SELECT, INSERT, UPDATE, DELETE";
      await schema.db.query(`GRANT ${privileges} ON ${new Table(names).name} TO "${role}"`);
      const both = [handle(1), handle(2)];
      expect(await Promise.all(both.map((each) => store.save(each, record())))).toEqual([
        true,
        true,
      ]);
      expect(await Promise.all(both.map((each) => store.delete(each)))).toEqual([true, true]);
      expect(await store.sweep()).toBe(0);
    } finally {
      await guest.end();
      await schema.db.query(`DROP OWNED BY "${role}"`);
      await schema.db.query(`DROP ROLE "${role}"`);
    }
  });
});
