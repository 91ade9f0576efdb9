import { beforeAll, describe, expect, test } from "@jest/globals";
import { testStore } from "@sess/core/conformance";
import { type PostgresClient, PostgresStore } from "@sess/store-postgres";
import {
  missingPgBouncer,
  missingPostgresServer,
  orSkip,
  PgBouncer,
  PostgresServer,
} from "@sess/test-servers";
import { afterTests, handles, record } from "@sess/test-support";
import { poolOf } from "./support/test-schema.ts";

const missing = missingPostgresServer() ?? missingPgBouncer();

/** The pool as a mere query function: nothing is prepared by name. */
function unnamed(pool: PostgresClient): PostgresClient {
  return { query: (text, values) => pool.query(text, values) };
}

orSkip(describe, missing)("behind PgBouncer", () => {
  let server: PostgresServer;
  let tables = 0;

  beforeAll(async () => {
    server = await PostgresServer.start();
    afterTests(() => server.stop());
  }, 60_000);

  async function bouncerFor(mode: "session" | "transaction"): Promise<string> {
    const bouncer = await PgBouncer.start(server.url, mode);
    afterTests(() => bouncer.stop());
    return bouncer.url;
  }

  /** A table that no other test has. */
  function nextTable() {
    tables += 1;
    return { table: `sessions_${tables}` };
  }

  describe("with transaction pooling", () => {
    let url = "";
    let pool: PostgresClient;

    beforeAll(async () => {
      url = await bouncerFor("transaction");
      // More than PgBouncer has of the server's, so that they take turns.
      pool = poolOf(url, { max: 8 });
    });

    // From 1.21 on PgBouncer keeps prepared statements if it is told to. Otherwise it does not.
    test("what one connection has prepared and another lacks is sent again unprepared", async () => {
      const names = nextTable();
      await new PostgresStore(unnamed(pool), names).createTable();
      const stores = handles(3).map(() => new PostgresStore(poolOf(url, { max: 1 }), names));
      for (const each of handles(5)) {
        for (const store of stores) {
          const saved = (await store.load(each)) ?? { revision: 0 };
          const next = record({ revision: saved.revision + 1 });
          expect(await store.save(each, next)).toBe(true);
        }
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

  test("with session pooling, prepared statements work", async () => {
    const pool = poolOf(await bouncerFor("session"), { max: 2 });
    const store = new PostgresStore(pool, nextTable());
    await store.createTable();
    for (let round = 0; round < 5; round += 1) {
      const all = handles(20, round * 20);
      expect(await Promise.all(all.map((each) => store.save(each, record())))).not.toContain(false);
      expect(await Promise.all(all.map((each) => store.load(each)))).not.toContain(undefined);
    }
  });
});
