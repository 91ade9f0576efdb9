import { setTimeout as pause } from "node:timers/promises";
import { beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { PostgresStore } from "@sess/store-postgres";
import { missingPostgres, orSkip, TcpProxy } from "@sess/test-servers";
import { afterTest, handle, handles, record, rejection } from "@sess/test-support";
import { Client, type Pool, type PoolConfig } from "pg";
import { Table } from "../src/table.ts";
import { everyCall, expectUnavailable } from "./support/every-call.ts";
import { poolOf, schemaOnServer, type TestSchema } from "./support/test-schema.ts";

orSkip(describe, missingPostgres())("on a server,", () => {
  let schema: TestSchema<Pool> & { readonly url: string };
  let names: ReturnType<TestSchema["nextTable"]>;
  /** A store whose connections nothing disturbs. */
  let calm: PostgresStore;

  beforeAll(async () => {
    schema = await schemaOnServer();
  });

  beforeEach(async () => {
    names = schema.nextTable();
    calm = new PostgresStore(schema.db, names);
    await calm.createTable();
  });

  function storeOver(config: PoolConfig): PostgresStore {
    return new PostgresStore(poolOf(schema.url, config), names);
  }

  async function behindProxy() {
    const { hostname, port } = new URL(schema.url);
    const proxy = await TcpProxy.before({ host: hostname, port: Number(port || 5432) });
    afterTest(() => proxy.close());
    const url = new URL(schema.url);
    url.host = `${proxy.host}:${proxy.port}`;
    const pool = poolOf(url.href, { max: 4, connectionTimeoutMillis: 2_000 });
    return { proxy, pool, store: new PostgresStore(pool, names) };
  }

  /** Locks the table, in a transaction that stays open until the returned function is called. */
  async function lockTable(): Promise<() => Promise<void>> {
    const client = await schema.db.connect();
    await client.query("BEGIN");
    await client.query(`LOCK TABLE ${new Table(names).name}`);
    return async () => {
      await client.query("ROLLBACK");
      client.release();
    };
  }

  /** Resolves when the connection `pid` waits for a lock. */
  async function isBlocked(pid: number): Promise<void> {
    const waiting = "SELECT FROM pg_stat_activity WHERE pid = $1 AND wait_event_type = 'Lock'";
    while ((await schema.db.query(waiting, [pid])).rows.length === 0);
  }

  test("a load, a save, a touch and a delete take one round trip each, alone and in batches", async () => {
    const { proxy, pool, store } = await behindProxy();
    await pool.query("SELECT 1");
    const all = handles(50);
    const calls: (() => Promise<unknown>)[] = [
      () => store.save(handle(1), record()),
      () => store.save(handle(1), record({ revision: 2 })),
      () => store.load(handle(1)),
      () => store.touch(handle(1), Date.now() + 5000, 2),
      () => store.delete(handle(1)),
      () => Promise.all(all.map((each) => store.save(each, record()))),
      () => Promise.all(all.map((each) => store.load(each))),
      () => Promise.all(all.map((each) => store.touch(each, Date.now() + 5000))),
    ];
    const trips: number[] = [];
    for (const call of calls) {
      const before = proxy.roundTrips;
      await call();
      trips.push(proxy.roundTrips - before);
    }
    expect(trips).toEqual(calls.map(() => 1));
    expect(proxy.connections).toBe(1);
  });

  test("a cut connection is an error, and the next call succeeds", async () => {
    const { proxy, store } = await behindProxy();
    for (const [name, call] of Object.entries(everyCall(store))) {
      await call();
      const { connections } = proxy;
      proxy.delay = 500;
      const failing = rejection(call());
      await pause(5);
      proxy.delay = 0;
      proxy.cut();
      expect({ name, error: await failing }).toMatchObject({
        name,
        error: { code: "STORE_UNAVAILABLE" },
      });
      await call();
      expect(proxy.connections).toBeGreaterThan(connections);
    }
  });

  test("a save whose answer is lost has an unknown outcome, and the error says so", async () => {
    const { proxy, store } = await behindProxy();
    await store.load(handle(1));
    proxy.loseReply();
    const error = await rejection(store.save(handle(1), record({ data: "done all the same" })));
    expect(String(error)).toContain("unknown outcome");
    expect((await store.load(handle(1)))?.data).toBe("done all the same");
  });

  test("a server that is not there is an error, and nothing hangs", async () => {
    const { proxy, pool, store } = await behindProxy();
    proxy.refuse();
    await expectUnavailable(everyCall(store), {}, /connection was lost/);
    proxy.accept();
    expect(await store.save(handle(1), record())).toBe(true);
    await pool.end();
    await proxy.close();
    const nowhere = new PostgresStore(poolOf(`postgres://127.0.0.1:${proxy.port}/x`), names);
    await expectUnavailable(everyCall(nowhere), { code: "ECONNREFUSED" }, /was not reached/);
    const error = await rejection(nowhere.save(handle(1), record()));
    expect(String(error)).toMatch(/Nothing was written/);
  });

  test("a connection that an administrator ends is an error, and the next call succeeds", async () => {
    const pool = poolOf(schema.url, { max: 1 });
    const store = new PostgresStore(pool, names);
    await calm.save(handle(1), record());
    const unlock = await lockTable();
    const { pid } = (await pool.query("SELECT pg_backend_pid() AS pid")).rows[0];
    const failing = rejection(store.save(handle(1), record({ revision: 2 })));
    await isBlocked(pid);
    await schema.db.query("SELECT pg_terminate_backend($1)", [pid]);
    const error = await failing;
    expect(error).toMatchObject({ code: "STORE_UNAVAILABLE", cause: { code: "57P01" } });
    expect(String(error)).toContain("unknown outcome");
    await unlock();
    expect(await store.save(handle(1), record({ revision: 2 }))).toBe(true);
  });

  test("a statement that takes too long is an error, and nothing was written", async () => {
    const store = storeOver({ options: "-c statement_timeout=50" });
    await calm.save(handle(1), record());
    const unlock = await lockTable();
    const error = await rejection(store.save(handle(1), record({ revision: 2 })));
    expect(error).toMatchObject({ code: "STORE_UNAVAILABLE", cause: { code: "57014" } });
    expect(String(error)).toMatch(/^SessionError: Nothing was written.*statement_timeout/);
    await unlock();
    expect(await calm.load(handle(1))).toMatchObject({ revision: 1 });
  });

  test("a read-only server refuses what writes and serves what reads", async () => {
    const store = storeOver({ options: "-c default_transaction_read_only=on" });
    await calm.save(handle(1), record({ owner: "ada" }));
    const { load, list, listOwned, "many loads": loads, ...writing } = everyCall(store);
    await expectUnavailable(writing, { code: "25006" }, /read-only.*Connect to the primary/);
    expect(await load?.()).toBeDefined();
    expect(await list?.()).toHaveLength(1);
    expect(await listOwned?.()).toHaveLength(1);
    expect(await loads?.()).toHaveLength(3);
  });

  test("a client inside a failed transaction is an error that says so", async () => {
    const client = new Client({ connectionString: schema.url });
    await client.connect();
    afterTest(() => client.end());
    await client.query("BEGIN");
    await client.query("SELECT 1 / 0").catch(() => {});
    const store = new PostgresStore(client, names);
    expect(String(await rejection(store.load(handle(1))))).toMatch(/Give the store a pool/);
  });

  test("a pool that has ended closes the store for good", async () => {
    const pool = poolOf(schema.url);
    const store = new PostgresStore(pool, names);
    await pool.end();
    for (const call of Object.values(everyCall(store))) {
      expect(await rejection(call())).toMatchObject({ code: "STORE_CLOSED" });
    }
  });

  test("a wrong role, password or database is an error that says so", async () => {
    const nobody = new URL(schema.url);
    nobody.pathname = "/no_such_database";
    const store = new PostgresStore(poolOf(nobody.href), names);
    await expectUnavailable(everyCall(store), { code: "3D000" }, /Check role, password/);
  });
});
