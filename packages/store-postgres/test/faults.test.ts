import { afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { PostgresStore } from "@sess/store-postgres";
import { missingPostgres, openPostgres, orSkip, TcpProxy } from "@sess/test-servers";
import { Client, type Pool } from "pg";
import { everyCall, expectUnavailable } from "./every-call.ts";
import { type Place, placeOn, poolOf } from "./place.ts";
import { handle, handles, record, rejection } from "./sessions.ts";

orSkip(describe, missingPostgres())("on a server", () => {
  let url = "";
  let place: Place & { db: Pool };
  let names: ReturnType<Place["table"]>;
  let whole: PostgresStore;

  beforeAll(async () => {
    ({ url } = await openPostgres());
    place = await placeOn(url);
  });

  beforeEach(async () => {
    names = place.table();
    whole = new PostgresStore(place.db, names);
    await whole.createTable();
  });

  const proxies = new Set<TcpProxy>();

  afterEach(async () => {
    for (const proxy of proxies) await close(proxy);
  });

  async function close(proxy: TcpProxy): Promise<void> {
    proxies.delete(proxy);
    await proxy.close();
  }

  async function behindProxy() {
    const { hostname, port } = new URL(url);
    const proxy = await TcpProxy.before({ host: hostname, port: Number(port || 5432) });
    proxies.add(proxy);
    const near = new URL(url);
    near.host = `${proxy.host}:${proxy.port}`;
    const pool = poolOf(near.href, { max: 4, connectionTimeoutMillis: 2_000 });
    return { proxy, pool, store: new PostgresStore(pool, names) };
  }

  test("a load, a save and a touch are one round trip each", async () => {
    const { proxy, pool, store } = await behindProxy();
    await pool.query("SELECT 1");
    const calls: (() => Promise<unknown>)[] = [
      () => store.save(handle(1), record()),
      () => store.save(handle(1), record({ revision: 2 })),
      () => store.load(handle(1)),
      () => store.touch(handle(1), Date.now() + 5000, 2),
      () => store.delete(handle(1)),
      () => Promise.all(handles(50).map((key) => store.save(key, record()))),
      () => Promise.all(handles(50).map((key) => store.load(key))),
      () => Promise.all(handles(50).map((key) => store.touch(key, Date.now() + 5000))),
    ];
    const turns: number[] = [];
    for (const call of calls) {
      const before = proxy.turns;
      await call();
      turns.push(proxy.turns - before);
    }
    expect(turns).toEqual(calls.map(() => 1));
    expect(proxy.connections).toBe(1);
  });

  test("a cut connection is an error, and the next call succeeds", async () => {
    const { proxy, store } = await behindProxy();
    for (const [name, call] of Object.entries(everyCall(store))) {
      await call();
      const { connections } = proxy;
      proxy.delay = 500;
      const failing = rejection(call());
      await new Promise((resolve) => setTimeout(resolve, 5));
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

  test("a save whose answer is lost is said to be of unknown outcome", async () => {
    const { proxy, store } = await behindProxy();
    await store.load(handle(1));
    proxy.loseReply();
    const error = await rejection(store.save(handle(1), record({ data: "done all the same" })));
    expect(String(error)).toContain("outcome is unknown");
    expect((await store.load(handle(1)))?.data).toBe("done all the same");
  });

  test("a server that is not there is an error, and nothing hangs", async () => {
    const { proxy, pool, store } = await behindProxy();
    proxy.refuse();
    await expectUnavailable(everyCall(store), {}, /connection was lost/);
    proxy.accept();
    expect(await store.save(handle(1), record())).toBe(true);
    await pool.end();
    await close(proxy);
    const nowhere = new PostgresStore(poolOf(`postgres://127.0.0.1:${proxy.port}/x`), names);
    await expectUnavailable(everyCall(nowhere), { code: "ECONNREFUSED" }, /was not reached/);
    expect(String(await rejection(nowhere.save(handle(1), record())))).toMatch(
      /Nothing was written/,
    );
  });

  test("a connection that an administrator ends is an error, and the next call succeeds", async () => {
    const pool = poolOf(url, { max: 1 });
    const store = new PostgresStore(pool, names);
    await whole.save(handle(1), record());
    const holder = await place.db.connect();
    await holder.query("BEGIN");
    await holder.query(`SELECT * FROM "${names.schema}"."${names.table}" FOR UPDATE`);
    const { pid } = (await pool.query("SELECT pg_backend_pid() AS pid")).rows[0];
    const failing = rejection(store.save(handle(1), record({ revision: 2 })));
    await waiting(place.db, pid);
    await place.db.query("SELECT pg_terminate_backend($1)", [pid]);
    expect(await failing).toMatchObject({ code: "STORE_UNAVAILABLE", cause: { code: "57P01" } });
    await holder.query("ROLLBACK");
    holder.release();
    expect(await store.save(handle(1), record({ revision: 2 }))).toBe(true);
  });

  test("a statement that takes too long is an error, and nothing was written", async () => {
    const pool = poolOf(url, { options: "-c statement_timeout=50" });
    const store = new PostgresStore(pool, names);
    await whole.save(handle(1), record());
    const holder = await place.db.connect();
    await holder.query("BEGIN");
    await holder.query(`SELECT * FROM "${names.schema}"."${names.table}" FOR UPDATE`);
    const error = await rejection(store.save(handle(1), record({ revision: 2 })));
    expect(error).toMatchObject({ code: "STORE_UNAVAILABLE", cause: { code: "57014" } });
    expect(String(error)).toMatch(/^SessionError: Nothing was written.*statement_timeout/);
    await holder.query("ROLLBACK");
    holder.release();
    expect(await whole.load(handle(1))).toMatchObject({ revision: 1 });
  });

  test("a read-only server refuses what writes and serves what reads", async () => {
    const store = new PostgresStore(
      poolOf(url, { options: "-c default_transaction_read_only=on" }),
      names,
    );
    await whole.save(handle(1), record({ owner: "ada" }));
    const { load, list, listOwned, "many loads": loads, ...writing } = everyCall(store);
    await expectUnavailable(writing, { code: "25006" }, /read-only.*Connect to the primary/);
    expect(await load?.()).toBeDefined();
    expect(await list?.()).toHaveLength(1);
    expect(await listOwned?.()).toHaveLength(1);
    expect(await loads?.()).toHaveLength(3);
  });

  test("a failed transaction that the client is in is an error that says so", async () => {
    const client = new Client({ connectionString: url });
    await client.connect();
    await client.query("BEGIN");
    await client.query("SELECT 1 / 0").catch(() => {});
    const store = new PostgresStore(client, names);
    expect(String(await rejection(store.load(handle(1))))).toMatch(/Give the store a pool/);
    await client.end();
  });

  test("a pool that was ended is the store's end", async () => {
    const pool = poolOf(url);
    const store = new PostgresStore(pool, names);
    await pool.end();
    for (const call of Object.values(everyCall(store))) {
      expect(await rejection(call())).toMatchObject({ code: "STORE_CLOSED" });
    }
  });

  test("a role, a password or a database that is wrong is an error that says so", async () => {
    const nobody = new URL(url);
    nobody.pathname = "/no_such_database";
    const store = new PostgresStore(poolOf(nobody.href), names);
    await expectUnavailable(everyCall(store), { code: "3D000" }, /Check role, password/);
  });
});

/** Resolves when that connection waits for a lock. */
async function waiting(pool: Pool, pid: number): Promise<void> {
  for (;;) {
    const { rows } = await pool.query(
      "SELECT 1 FROM pg_stat_activity WHERE pid = $1 AND wait_event_type = 'Lock'",
      [pid],
    );
    if (rows.length > 0) return;
  }
}
