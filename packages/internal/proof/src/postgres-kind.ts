import { randomBytes } from "node:crypto";
import { PGlite } from "@electric-sql/pglite";
import { afterAll } from "@jest/globals";
import { PostgresStore } from "@sess/store-postgres";
import { missingPostgres, openPostgres } from "@sess/test-servers";
import { Pool } from "pg";
import type { StoreKind } from "./stores.ts";

/** PostgreSQL within this process, by whose clock it lives; each run has a table of its own. */
export function postgresStore(): StoreKind {
  let db: PGlite | undefined;
  let tables = 0;
  afterAll(() => db?.close());
  return {
    name: "PostgreSQL",
    keeps: true,
    sharesClock: true,
    sweeps: true,
    isShared: true,
    share: 0.005,
    missing: () => undefined,
    async place() {
      db ??= new PGlite();
      const client = db;
      tables += 1;
      const options = { table: `sessions_${tables}` };
      await new PostgresStore(client, options).createTable();
      return { open: async () => new PostgresStore(client, options) };
    },
  };
}

/** PostgreSQL on a server, over a pool of connections; what was made there is gone after the tests. */
export function postgresServerStore(): StoreKind {
  // To find out starts a process.
  const missing = missingPostgres();
  const schema = `sess_reliability_${randomBytes(6).toString("hex")}`;
  let server: ReturnType<typeof connect> | undefined;
  let tables = 0;
  afterAll(async () => {
    const { pool, stop } = (await server) ?? {};
    await pool?.query(`DROP SCHEMA ${schema} CASCADE`);
    await pool?.end();
    await stop?.();
  });
  return {
    name: "PostgreSQL on a server",
    keeps: true,
    sharesClock: false,
    sweeps: true,
    isShared: true,
    share: 0.005,
    missing: () => missing,
    async place() {
      server ??= connect(schema);
      const { pool } = await server;
      tables += 1;
      const options = { schema, table: `sessions_${tables}` };
      await new PostgresStore(pool, options).createTable();
      return { open: async () => new PostgresStore(pool, options) };
    },
  };
}

async function connect(schema: string) {
  const { url, stop } = await openPostgres();
  const pool = new Pool({ connectionString: url });
  // Without a listener the loss of an idle connection would end the process.
  pool.on("error", () => {});
  await pool.query(`CREATE SCHEMA ${schema}`);
  return { pool, stop };
}
