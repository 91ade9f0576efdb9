import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { testStore } from "@sess/core/conformance";
import { type PostgresClient, PostgresStore } from "@sess/store-postgres";
import {
  missingPgBouncer,
  missingPostgresServer,
  orSkip,
  PgBouncer,
  PostgresServer,
} from "@sess/test-servers";
import { poolOf } from "./place.ts";
import { handle, handles, record, rejection } from "./sessions.ts";

const missing = missingPostgresServer() ?? missingPgBouncer();

/** The one call, handed in for a pool: nothing is prepared by name. */
function unnamed(pool: PostgresClient): PostgresClient {
  return { query: (text, values) => pool.query(text, values) };
}

orSkip(describe, missing)("behind PgBouncer", () => {
  let server: PostgresServer;
  let tables = 0;
  const bouncers: PgBouncer[] = [];

  beforeAll(async () => {
    server = await PostgresServer.start();
  }, 60_000);

  afterAll(async () => {
    for (const bouncer of bouncers) await bouncer.stop();
    await server.stop();
  });

  async function bouncerFor(mode: "session" | "transaction"): Promise<string> {
    const bouncer = await PgBouncer.start(server.url, mode);
    bouncers.push(bouncer);
    return bouncer.url;
  }

  /** A table that nobody else has. */
  function nextTable() {
    tables += 1;
    return { table: `sessions_${tables}` };
  }

  describe("with transaction pooling", () => {
    let url = "";
    let pool: PostgresClient;

    beforeAll(async () => {
      url = await bouncerFor("transaction");
      // More than there are of the server's, for which they take turns.
      pool = poolOf(url, { max: 8 });
    });

    // From 1.21 on prepared statements are kept where it is told to. Without that it is as before.
    test("what one connection has prepared fails another, which is told what to do", async () => {
      const names = nextTable();
      await new PostgresStore(unnamed(pool), names).createTable();
      const store = () => new PostgresStore(poolOf(url, { max: 1 }), names);
      await store().load(handle(1));
      // It gets the connection to the server that has just been given back.
      expect(await rejection(store().load(handle(1)))).toMatchObject({
        code: "STORE_UNAVAILABLE",
        message: expect.stringMatching(/pooler.*max_prepared_statements.*query: \(text, values\)/),
      });
    });

    testStore({
      test,
      createStore: async () => {
        const store = new PostgresStore(unnamed(pool), nextTable());
        await store.createTable();
        return store;
      },
      singleProcess: true,
    });
  });

  test("with session pooling, statements that are prepared by name stay so", async () => {
    const pool = poolOf(await bouncerFor("session"), { max: 2 });
    const store = new PostgresStore(pool, nextTable());
    await store.createTable();
    for (let turn = 0; turn < 5; turn += 1) {
      const keys = handles(20, turn * 20);
      expect(await Promise.all(keys.map((key) => store.save(key, record())))).not.toContain(false);
      expect(await Promise.all(keys.map((key) => store.load(key)))).not.toContain(undefined);
    }
  });
});
