import { randomBytes } from "node:crypto";
import { PGlite } from "@electric-sql/pglite";
import { afterAll } from "@jest/globals";
import type { PostgresClient, PostgresStoreOptions } from "@sess/store-postgres";
import { Pool, type PoolConfig } from "pg";

/** A schema of a database, for one file of tests alone. */
export interface Place {
  readonly schema: string;
  readonly db: PostgresClient;
  /** The options of a store on a table that nobody else has. */
  table(): Required<PostgresStoreOptions>;
}

const undoings: (() => Promise<unknown>)[] = [];

afterAll(async () => {
  for (const undo of undoings.splice(0).reverse()) await undo();
});

/** PostgreSQL in this process, with one connection. */
export async function placeInProcess(): Promise<Place & { readonly db: PGlite }> {
  const db = new PGlite();
  undoings.push(async () => db.closed || db.close());
  return placeOf(db);
}

/** On a server, over a pool. What it made is gone after the tests. */
export async function placeOn(
  url: string,
  config: PoolConfig = {},
): Promise<Place & { readonly db: Pool }> {
  const db = poolOf(url, config);
  const place = await placeOf(db);
  undoings.push(() => db.query(`DROP SCHEMA "${place.schema}" CASCADE`));
  return place;
}

/** A pool that is ended after the tests. */
export function poolOf(url: string, config: PoolConfig = {}): Pool {
  const pool = new Pool({ connectionString: url, ...config });
  // Without a listener the loss of an idle connection would end the process.
  pool.on("error", () => {});
  undoings.push(async () => pool.ended || pool.end());
  return pool;
}

async function placeOf<Client extends PostgresClient>(db: Client): Promise<Place & { db: Client }> {
  const schema = `sess_test_${randomBytes(6).toString("hex")}`;
  await db.query(`CREATE SCHEMA "${schema}"`, []);
  let tables = 0;
  const table = () => {
    tables += 1;
    return { schema, table: `sessions_${tables}` };
  };
  return { schema, db, table };
}
