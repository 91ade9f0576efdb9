import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { testStore } from "@sess/core/conformance";
import {
  missingPgBouncer,
  missingPostgresServer,
  orSkip,
  PgBouncer,
  PostgresServer,
} from "@sess/servers";
import { type PostgresClient, PostgresStore } from "@sess/store-postgres";
import { poolOf } from "./place.ts";
import { handles, record } from "./sessions.ts";

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

  /** A pool whose connections share two of the server's. */
  async function pooled(mode: "session" | "transaction") {
    const bouncer = await PgBouncer.start(server.url, mode);
    bouncers.push(bouncer);
    return poolOf(bouncer.url, { max: mode === "session" ? 2 : 8 });
  }

  /** A table that nobody else has. */
  function nextTable() {
    tables += 1;
    return { table: `sessions_${tables}` };
  }

  describe("with transaction pooling", () => {
    let pool: Awaited<ReturnType<typeof pooled>>;

    beforeAll(async () => {
      pool = await pooled("transaction");
    });

    // 1.21 keeps prepared statements where it is told to; without that it is as the versions before.
    test("a pool that prepares by name fails, and is told what to do", async () => {
      const names = nextTable();
      await new PostgresStore(unnamed(pool), names).createTable();
      const store = new PostgresStore(pool, names);
      const ends = await Promise.allSettled(
        handles(200).map(async (key, turn) => {
          await new Promise((resolve) => setTimeout(resolve, turn % 50));
          return store.load(key);
        }),
      );
      const failures = ends.flatMap((end) => (end.status === "rejected" ? [end.reason] : []));
      expect(failures.length).toBeGreaterThan(0);
      for (const failure of failures) {
        expect(failure).toMatchObject({
          code: "STORE_UNAVAILABLE",
          message: expect.stringMatching(
            /pooler.*max_prepared_statements.*query: \(text, values\)/,
          ),
        });
      }
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
    const pool = await pooled("session");
    const store = new PostgresStore(pool, nextTable());
    await store.createTable();
    for (let turn = 0; turn < 5; turn += 1) {
      const keys = handles(20, turn * 20);
      expect(await Promise.all(keys.map((key) => store.save(key, record())))).not.toContain(false);
      expect(await Promise.all(keys.map((key) => store.load(key)))).not.toContain(undefined);
    }
  });
});
