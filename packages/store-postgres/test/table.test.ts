import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { PostgresStore } from "@sess/store-postgres";
import { missingPostgres, openPostgres, orSkip } from "@sess/test-servers";
import { Table } from "../src/table.ts";
import { everyCall, expectUnavailable } from "./every-call.ts";
import { type Place, placeInProcess, placeOn, poolOf } from "./place.ts";
import { handle, record, rejection } from "./sessions.ts";

let place: Awaited<ReturnType<typeof placeInProcess>>;

beforeAll(async () => {
  place = await placeInProcess();
});

describe("createTable()", () => {
  test("makes the table and its indexes, and a second time changes nothing", async () => {
    const { schema, table } = place.table();
    const store = new PostgresStore(place.db, { schema, table });
    await store.createTable();
    await store.save(handle(1), record());
    await store.createTable();
    expect(await store.load(handle(1))).toBeDefined();
    const { rows } = await place.db.query(
      "SELECT indexname FROM pg_indexes WHERE schemaname = $1 AND tablename = $2 ORDER BY 1",
      [schema, table],
    );
    expect(rows.map(({ indexname }) => indexname)).toEqual([
      `${table}_expires_at_idx`,
      `${table}_owner_idx`,
      `${table}_pkey`,
    ]);
  });

  test("without a schema it is made in the first of the search path", async () => {
    await place.db.query(`SET search_path = "${place.schema}"`, []);
    const store = new PostgresStore(place.db);
    await store.createTable();
    await store.save(handle(1), record());
    const { rows } = await place.db.query(
      `SELECT count(*)::int AS count FROM "${place.schema}"."sessions"`,
      [],
    );
    expect(rows).toEqual([{ count: 1 }]);
    await place.db.query("RESET search_path", []);
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
    const store = new PostgresStore(place.db, { schema: place.schema, table });
    await store.createTable();
    await store.createTable();
    expect(await store.save(handle(1), record({ owner: "ada" }))).toBe(true);
    expect(await store.load(handle(1))).toMatchObject({ owner: "ada" });
    const { rows } = await place.db.query(
      "SELECT count(*)::int AS count FROM pg_indexes WHERE schemaname = $1 AND tablename = $2",
      [place.schema, table],
    );
    expect(rows).toEqual([{ count: 3 }]);
  });

  test("in a schema that is not there says so", async () => {
    const store = new PostgresStore(place.db, { schema: "nowhere" });
    const error = await rejection(store.createTable());
    expect(error).toMatchObject({ code: "STORE_UNAVAILABLE", cause: { code: "3F000" } });
  });
});

describe("a database in this process", () => {
  test("whose table is missing is an error that says what to call", async () => {
    const store = new PostgresStore(place.db, place.table());
    await expectUnavailable(everyCall(store), { code: "42P01" }, /Call createTable\(\)/);
    await store.createTable();
    expect(await store.save(handle(1), record())).toBe(true);
  });

  test("whose table is of another make is an error that says so", async () => {
    const { schema, table } = place.table();
    await place.db.query(`CREATE TABLE "${schema}"."${table}" (sid text PRIMARY KEY)`, []);
    const store = new PostgresStore(place.db, { schema, table });
    await expectUnavailable(everyCall(store), { code: "42703" }, /not the one that createTable/);
  });

  test("that was closed is the store's end", async () => {
    const store = new PostgresStore(place.db, place.table());
    await store.createTable();
    await place.db.close();
    expect(await rejection(store.load(handle(1)))).toMatchObject({ code: "STORE_CLOSED" });
  });
});

test("the SQL of the README is what createTable() runs", () => {
  const readme = readFileSync(join(__dirname, "../README.md"), "utf8");
  const [, sql] = /^```sql\n(CREATE TABLE.*?)^```$/ms.exec(readme) ?? [];
  const { definition } = new Table({ table: "sessions", schema: undefined });
  const plain = definition.map((step) => `${step};\n`).join("");
  expect(sql).toBe(plain);
});

orSkip(describe, missingPostgres())("on a server", () => {
  let url = "";
  let server: Place;

  beforeAll(async () => {
    ({ url } = await openPostgres());
    server = await placeOn(url);
  });

  test("twenty processes may create the table at once", async () => {
    for (let round = 0; round < 5; round += 1) {
      const names = server.table();
      const pools = Array.from({ length: 10 }, () => poolOf(url, { max: 2 }));
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

  test("a role that may not create anything can find the table there", async () => {
    const role = `${server.schema}_guest`;
    const names = server.table();
    await new PostgresStore(server.db, names).createTable();
    await server.db.query(`CREATE ROLE "${role}" LOGIN`, []);
    const guest = poolOf(url, { options: `-c role=${role}` });
    try {
      await server.db.query(`GRANT USAGE ON SCHEMA "${server.schema}" TO "${role}"`, []);
      const store = new PostgresStore(guest, names);
      await store.createTable();
      const denied = await rejection(store.load(handle(1)));
      expect(denied).toMatchObject({ code: "STORE_UNAVAILABLE", cause: { code: "42501" } });
      expect(String(denied)).toContain("privilege");
      const table = `"${names.schema}"."${names.table}"`;
      await server.db.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON ${table} TO "${role}"`, []);
      const keys = [handle(1), handle(2)];
      expect(await Promise.all(keys.map((key) => store.save(key, record())))).toEqual([true, true]);
      expect(await Promise.all(keys.map((key) => store.delete(key)))).toEqual([true, true]);
      expect(await store.sweep()).toBe(0);
    } finally {
      await guest.end();
      await server.db.query(`DROP OWNED BY "${role}"`, []);
      await server.db.query(`DROP ROLE "${role}"`, []);
    }
  });
});
