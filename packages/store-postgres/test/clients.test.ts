import type { PGlite } from "@electric-sql/pglite";
import { beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { type PostgresClient, PostgresStore } from "@sess/store-postgres";
import { missingPostgres, orSkip } from "@sess/test-servers";
import { afterTest, collect, handle, handles, record, rejection } from "@sess/test-support";
import { Client, type Pool } from "pg";
import {
  expireRow,
  poolOf,
  schemaInProcess,
  schemaOnServer,
  type TableName,
  type TestSchema,
} from "./support/test-schema.ts";

orSkip(describe, missingPostgres())("on a server,", () => {
  let schema: TestSchema<Pool> & { readonly url: string };
  let names: TableName;

  beforeAll(async () => {
    schema = await schemaOnServer();
  });

  beforeEach(async () => {
    names = schema.nextTable();
    await new PostgresStore(schema.db, names).createTable();
  });

  test("a pool of pg prepares each statement by name, once", async () => {
    const pool = poolOf(schema.url, { max: 1 });
    const store = new PostgresStore(pool, names);
    for (let time = 0; time < 3; time += 1) await store.load(handle(1));
    await new PostgresStore(schema.db, names).save(handle(1), record());
    const { expiresAt } = record();
    for (let time = 0; time < 3; time += 1) await store.touch(handle(1), expiresAt);
    const { rows } = await pool.query("SELECT name FROM pg_prepared_statements");
    expect(rows).toEqual([1, 2].map(() => ({ name: expect.stringMatching(/^sess-/) })));
  });

  test.each([
    ["a pool", (url: string) => poolOf(url, { max: 1 })],
    [
      "one client",
      async (url: string) => {
        const client = new Client({ connectionString: url });
        await client.connect();
        afterTest(() => client.end());
        return client;
      },
    ],
  ])("over %s a call that finds its statement discarded is done all the same", async (_, open) => {
    const client = await open(schema.url);
    const store = new PostgresStore(client, names);
    const calls = [
      async (round: number) => store.save(handle(round), record()),
      async () => (await store.load(handle(0)))?.revision === 1,
      async () => store.touch(handle(0), record().expiresAt),
    ];
    for (let round = 0; round < 3; round += 1) {
      for (const call of calls) {
        await client.query("DISCARD ALL");
        expect(await call(round)).toBe(true);
      }
    }
  });

  test("parsers that the application gave its client change nothing", async () => {
    const types = { getTypeParser: () => () => true };
    const store = new PostgresStore(poolOf(schema.url, { types }), names);
    const saved = record({ owner: "ada" });
    expect(await store.save(handle(1), saved)).toBe(true);
    expect(await store.save(handle(1), saved)).toBe(false);
    expect(await store.load(handle(1))).toEqual(saved);
    expect(await collect(store.list("ada"))).toEqual([[handle(1), saved]]);
    await expireRow(schema.db, names, handle(1));
    expect(await store.delete(handle(1))).toBe(false);
    expect(await store.sweep()).toBe(0);
  });

  test("a caller's transaction keeps its own lock_timeout", async () => {
    const client = new Client({ connectionString: schema.url });
    await client.connect();
    afterTest(() => client.end());
    await client.query("BEGIN");
    await new PostgresStore(client, names).save(handle(1), record());
    expect((await client.query("SHOW lock_timeout")).rows).toEqual([{ lock_timeout: "0" }]);
    await client.query("ROLLBACK");
    expect(await new PostgresStore(schema.db, names).load(handle(1))).toBeUndefined();
  });

  test("nothing is prepared if the store is told not to", async () => {
    const pool = poolOf(schema.url, { max: 1 });
    const store = new PostgresStore(pool, { ...names, prepare: false });
    expect(await store.save(handle(1), record())).toBe(true);
    expect(await store.load(handle(1))).toBeDefined();
    expect((await pool.query("SELECT name FROM pg_prepared_statements")).rows).toEqual([]);
  });

  test("what is seldom run is not prepared, since connections keep it for good", async () => {
    const pool = poolOf(schema.url, { max: 1 });
    const store = new PostgresStore(pool, names);
    await store.createTable();
    await collect(store.list());
    await collect(store.list("ada"));
    await store.sweep();
    expect((await pool.query("SELECT name FROM pg_prepared_statements")).rows).toEqual([]);
  });

  test("a client that is only a query function prepares nothing", async () => {
    const pool = poolOf(schema.url, { max: 1 });
    const store = new PostgresStore({ query: (text, values) => pool.query(text, values) }, names);
    expect(await store.save(handle(1), record())).toBe(true);
    expect((await pool.query("SELECT name FROM pg_prepared_statements")).rows).toEqual([]);
  });

  test("one client serves a store as a pool does", async () => {
    const client = new Client({ connectionString: schema.url });
    await client.connect();
    const store = new PostgresStore(client, names);
    const saved = await Promise.all(handles(9).map((each) => store.save(each, record())));
    expect(saved).not.toContain(false);
    await client.end();
    expect(await rejection(store.load(handle(1)))).toMatchObject({ code: "STORE_CLOSED" });
  });
});

test.each(["array", "object"] as const)(
  "a client that prepares by name may answer with rows of the kind %s",
  async (rowMode) => {
    const schema = await schemaInProcess();
    const store = new PostgresStore(new PreparingClient(schema.db, rowMode), schema.nextTable());
    await store.createTable();
    const records = handles(2).map((data) => record({ data, owner: "ada" }));
    const saving = records.map((each) => store.save(each.data, each));
    expect(await Promise.all(saving)).toEqual([true, true]);
    const loading = handles(3).map((each) => store.load(each));
    expect(await Promise.all(loading)).toEqual([...records, undefined]);
    expect(await store.load(handle(1))).toEqual(records[1]);
    expect(await collect(store.list("ada"))).toEqual(records.map((each) => [each.data, each]));
    const deleting = handles(3).map((each) => store.delete(each));
    expect(await Promise.all(deleting)).toEqual([true, true, false]);
  },
);

/** Takes a statement with its name, as `pg` does. */
class PreparingClient implements PostgresClient {
  readonly #db: PGlite;
  readonly #rowMode: "array" | "object";

  constructor(db: PGlite, rowMode: "array" | "object") {
    this.#db = db;
    this.#rowMode = rowMode;
  }

  connect(): void {}

  async query(given: string | { text: string; values: unknown[] }) {
    if (typeof given === "string") throw new Error("The statement has no name.");
    const { text, values } = given;
    return this.#db.query<Record<string, unknown>>(text, values, { rowMode: this.#rowMode });
  }
}
