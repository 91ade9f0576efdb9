import { afterEach, beforeAll, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { PostgresStore } from "@sess/store-postgres";
import { missingPostgres, orSkip } from "@sess/test-servers";
import { afterTest, handle, handles, isPending, record, rejection } from "@sess/test-support";
import type { Pool } from "pg";
import { Table } from "../src/table.ts";
import {
  expireRow,
  poolOf,
  schemaOnServer,
  type TableName,
  type TestSchema,
} from "./support/test-schema.ts";

const COUNT = 21;
const LOCKED = handle(13);

orSkip(describe, missingPostgres())("on a server, while another transaction has a row,", () => {
  let schema: TestSchema<Pool> & { readonly url: string };
  let names: TableName;
  let table: string;
  let store: PostgresStore;

  beforeAll(async () => {
    schema = await schemaOnServer();
  });

  beforeEach(async () => {
    names = schema.nextTable();
    table = new Table(names).name;
    // Fewer connections than writes: one that waited would be missed.
    store = new PostgresStore(poolOf(schema.url, { max: 2 }), names);
    await store.createTable();
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  /** Runs statements in a transaction that stays open until the returned function is called. */
  async function during(statement: string, values: unknown[] = []): Promise<() => Promise<void>> {
    const client = await schema.db.connect();
    await client.query("BEGIN");
    await client.query(statement, values);
    let isOpen = true;
    const end = async () => {
      if (isOpen) await client.query("ROLLBACK");
      if (isOpen) client.release();
      isOpen = false;
    };
    afterTest(end);
    return end;
  }

  function lockRow(): Promise<() => Promise<void>> {
    return during(`SELECT FROM ${table} WHERE handle = $1 FOR UPDATE`, [LOCKED]);
  }

  /** Starts a write to each of 21 sessions in one tick. */
  function writeAll(write: (handle: string) => Promise<boolean>) {
    const all = handles(COUNT).map((each) => ({ handle: each, written: write(each) }));
    const others = all.filter((each) => each.handle !== LOCKED).map(({ written }) => written);
    const locked = all.find((each) => each.handle === LOCKED)?.written ?? Promise.resolve(false);
    return { others: Promise.all(others), locked };
  }

  const { expiresAt } = record();

  test.each([
    ["saves", (each: string) => store.save(each, record({ revision: 2 }))],
    ["touches", (each: string) => store.touch(each, expiresAt, 1)],
    ["deletes", (each: string) => store.delete(each)],
  ])("the %s of other sessions are done, and its own once it is free", async (_, write) => {
    await Promise.all(handles(COUNT).map((each) => store.save(each, record())));
    const unlock = await lockRow();
    const { others, locked } = writeAll(write);
    expect(await others).not.toContain(false);
    expect(await isPending(locked)).toBe(true);
    await unlock();
    expect(await locked).toBe(true);
  });

  test("the first saves of other sessions are done, and its own over what has expired", async () => {
    await store.save(LOCKED, record());
    await expireRow(schema.db, names, LOCKED);
    const unlock = await lockRow();
    const { others, locked } = writeAll((each) => store.save(each, record()));
    expect(await others).not.toContain(false);
    expect(await isPending(locked)).toBe(true);
    await unlock();
    expect(await locked).toBe(true);
  });

  test("a first save over a live session is refused at once", async () => {
    await store.save(LOCKED, record());
    await lockRow();
    expect(await store.save(LOCKED, record())).toBe(false);
  });

  test("a first save of what is being inserted elsewhere holds up no others", async () => {
    const rollBack = await during(
      `INSERT INTO ${table} (handle, revision, created_at, expires_at, data)
       VALUES ($1, 1, 1, ${expiresAt}, 'theirs')`,
      [LOCKED],
    );
    const { others, locked } = writeAll((each) => store.save(each, record()));
    expect(await others).not.toContain(false);
    expect(await isPending(locked)).toBe(true);
    await rollBack();
    expect(await locked).toBe(true);
  });

  test("a save that waits for the row behind a foreign key holds up no others", async () => {
    const users = `"${names.schema}"."users of ${names.table}"`;
    await schema.db.query(`CREATE TABLE ${users} (name text COLLATE "C" PRIMARY KEY)`);
    await schema.db.query(`INSERT INTO ${users} VALUES ('ada'), ('bob')`);
    await schema.db.query(`ALTER TABLE ${table} ADD FOREIGN KEY (owner) REFERENCES ${users}`);
    const unlock = await during(`SELECT FROM ${users} WHERE name = 'bob' FOR UPDATE`);
    const { others, locked } = writeAll((each) =>
      store.save(each, record({ owner: each === LOCKED ? "bob" : "ada" })),
    );
    expect(await others).not.toContain(false);
    expect(await isPending(locked)).toBe(true);
    await unlock();
    expect(await locked).toBe(true);
  });

  test("no statement waits in the server, so that loads find a connection free", async () => {
    const all = handles(64);
    await Promise.all(all.map((each) => store.save(each, record())));
    const unlock = await during(`SELECT FROM ${table} FOR UPDATE`);
    const saved = Promise.all(all.map((each) => store.save(each, record({ revision: 2 }))));
    for (let round = 0; round < 50; round += 1) {
      expect(await store.load(handle(round))).toMatchObject({ revision: 1 });
    }
    const waiting = "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE $1";
    expect((await schema.db.query(waiting, [`%${table}%`])).rows).toEqual([]);
    await unlock();
    expect(await saved).not.toContain(false);
  });

  test("the next write to its session waits for the answer to the last one", async () => {
    await store.save(LOCKED, record());
    const unlock = await lockRow();
    const outcomes = Promise.all([
      store.save(LOCKED, record({ revision: 2 })),
      store.save(LOCKED, record({ revision: 3, data: "third" })),
      store.delete(LOCKED, 2),
    ]);
    await store.load(LOCKED);
    await unlock();
    expect(await outcomes).toEqual([true, true, false]);
    expect((await store.load(LOCKED))?.data).toBe("third");
  });

  test("a save gives up after ten seconds, and nothing was written", async () => {
    await store.save(LOCKED, record());
    const unlock = await lockRow();
    jest.useFakeTimers({ doNotFake: ["nextTick", "setImmediate", "queueMicrotask", "Date"] });
    const start = performance.now();
    let isOver = false;
    const failing = rejection(store.save(LOCKED, record({ revision: 2 }))).finally(() => {
      isOver = true;
    });
    while (!isOver) {
      await new Promise((resolve) => setImmediate(resolve));
      await jest.advanceTimersByTimeAsync(1);
    }
    const waited = performance.now() - start;
    jest.useRealTimers();
    const error = await failing;
    expect(error).toMatchObject({ code: "STORE_UNAVAILABLE" });
    expect(String(error)).toMatch(/Nothing was written.*10 seconds.*pg_stat_activity/);
    expect(waited).toBeGreaterThanOrEqual(10_000);
    await unlock();
    expect(await store.load(LOCKED)).toMatchObject({ revision: 1 });
    expect(await store.save(LOCKED, record({ revision: 2 }))).toBe(true);
  });
});
