import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { PGlite } from "@electric-sql/pglite";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { PostgresStore } from "@sess/store-postgres";
import { missingPostgres, orSkip } from "@sess/test-servers";
import { collect, handle, handles, record, rejection } from "@sess/test-support";
import type { Pool } from "pg";
import { Table } from "../src/table.ts";
import { everyCall, expectUnavailable } from "./support/every-call.ts";
import {
  expireRow,
  poolOf,
  schemaInProcess,
  schemaOnServer,
  type TestSchema,
} from "./support/test-schema.ts";

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
      `${table}_owner_handle_idx`,
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

  test("makes its own table even if a schema behind it in the search path has one", async () => {
    const { name, db } = inProcess;
    const [tenant, other] = [`${name}_a`, `${name}_b`];
    try {
      for (const each of [tenant, other]) await db.query(`CREATE SCHEMA "${each}"`, []);
      await new PostgresStore(db, { schema: other }).createTable();
      await db.query(`SET search_path = "${tenant}", "${other}"`, []);
      const store = new PostgresStore(db);
      await store.createTable();
      expect(await store.save(handle(1), record())).toBe(true);
      const { rows } = await db.query(`SELECT handle FROM "${tenant}".sessions`, []);
      expect(rows).toEqual([{ handle: handle(1) }]);
      expect(await new PostgresStore(db, { schema: other }).load(handle(1))).toBeUndefined();
    } finally {
      await db.query("RESET search_path", []);
      for (const each of [tenant, other]) await db.query(`DROP SCHEMA "${each}" CASCADE`, []);
    }
  });

  test("makes a table with its indexes in place of one that was renamed", async () => {
    const { schema, table } = inProcess.nextTable();
    const store = new PostgresStore(inProcess.db, { schema, table });
    for (let round = 0; round < 2; round += 1) {
      await store.createTable();
      await inProcess.db.query(
        `ALTER TABLE "${schema}"."${table}" RENAME TO "${table} of round ${round}"`,
        [],
      );
    }
    await store.createTable();
    const { rows } = await inProcess.db.query(
      "SELECT indexdef FROM pg_indexes WHERE schemaname = $1 AND tablename = $2 ORDER BY 1",
      [schema, table],
    );
    expect(rows).toEqual([
      { indexdef: expect.stringContaining("(expires_at)") },
      { indexdef: expect.stringContaining("(owner, handle) WHERE (owner IS NOT NULL)") },
      { indexdef: expect.stringMatching(/^CREATE UNIQUE INDEX .*\(handle\)/) },
    ]);
  });

  test("fits a table that is partitioned, whose rows are swept and saved one by one", async () => {
    const { schema, table } = inProcess.nextTable();
    const name = `"${schema}"."${table}"`;
    const columns = new Table({ schema, table }).definition[0]?.replace(/^CREATE TABLE [^(]*/, "");
    await inProcess.db.query(`CREATE TABLE ${name} ${columns} PARTITION BY HASH (handle)`, []);
    for (const part of [0, 1]) {
      const partition = `"${schema}"."${table} part ${part}"`;
      const values = `FOR VALUES WITH (MODULUS 2, REMAINDER ${part})`;
      await inProcess.db.query(`CREATE TABLE ${partition} PARTITION OF ${name} ${values}`, []);
    }
    const store = new PostgresStore(inProcess.db, { schema, table });
    await store.createTable();
    const all = handles(40);
    await Promise.all(all.map((each) => store.save(each, record())));
    const [expired, live] = [all.slice(0, 20), all.slice(20)];
    for (const each of expired) await expireRow(inProcess.db, { schema, table }, each);
    expect(await store.sweep()).toBe(expired.length);
    const next = record({ revision: 2 });
    expect(await Promise.all(live.map((each) => store.save(each, next)))).not.toContain(false);
    expect((await collect(store.list())).map(([each]) => each)).toEqual(live);
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
    ["63 bytes", "n".repeat(63)],
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
