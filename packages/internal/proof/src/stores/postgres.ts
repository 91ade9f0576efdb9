import { randomBytes } from "node:crypto";
import { PGlite } from "@electric-sql/pglite";
import { afterAll } from "@jest/globals";
import { PostgresStore } from "@sess/store-postgres";
import { missingPostgres, openPostgres } from "@sess/test-servers";
import { Pool } from "pg";
import type { StoreKind } from "./store-kind.ts";

/** What places of both kinds have in common; each has a table of its own. */
const POSTGRES = { keeps: true, sweeps: true, isShared: true, share: 0.005 } as const;

/** PostgreSQL inside this process, whose clock it goes by. */
export function postgresInProcess(): StoreKind {
  let db: PGlite | undefined;
  let tables = 0;
  afterAll(() => db?.close());
  return {
    ...POSTGRES,
    name: "PostgreSQL",
    sharesClock: true,
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

/** PostgreSQL on a server, over a pool of connections. Its schema is dropped after the tests of the file. */
export function postgresOnServer(): StoreKind {
  // Asking starts a process.
  const missing = missingPostgres();
  const schema = `sess_proof_${randomBytes(6).toString("hex")}`;
  let server: ReturnType<typeof connect> | undefined;
  let tables = 0;
  afterAll(async () => {
    const { pool, stop } = (await server) ?? {};
    await pool?.query(`DROP SCHEMA ${schema} CASCADE`);
    await pool?.end();
    await stop?.();
  });
  return {
    ...POSTGRES,
    name: "PostgreSQL on a server",
    sharesClock: false,
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
  // Without a listener, the loss of an idle connection would end the process.
  pool.on("error", () => {});
  await pool.query(`CREATE SCHEMA ${schema}`);
  return { pool, stop };
}
