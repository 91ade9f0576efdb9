import { randomBytes } from "node:crypto";
import { PGlite } from "@electric-sql/pglite";
import type { PostgresClient, PostgresStoreOptions } from "@sess/store-postgres";
import { openPostgres } from "@sess/test-servers";
import { afterTests } from "@sess/test-support";
import { Pool, type PoolConfig } from "pg";

/** Where a store keeps its table. */
export type TableName = Required<Pick<PostgresStoreOptions, "schema" | "table">>;

/** A schema of a database, for the tests of one file alone. */
export interface TestSchema<Client extends PostgresClient = PostgresClient> {
  readonly name: string;
  readonly db: Client;
  /** The options of a store on a table that nobody else has. */
  nextTable(): TableName;
}

/** PostgreSQL in this process, with one connection. */
export async function schemaInProcess(): Promise<TestSchema<PGlite>> {
  const db = new PGlite();
  afterTests(async () => db.closed || db.close());
  return schemaOf(db);
}

/** On a server, over a pool. The schema is dropped after the tests. */
export async function schemaOnServer(
  config: PoolConfig = {},
): Promise<TestSchema<Pool> & { readonly url: string }> {
  const { url, stop } = await openPostgres();
  afterTests(stop);
  const db = poolOf(url, config);
  const schema = await schemaOf(db);
  afterTests(() => db.query(`DROP SCHEMA "${schema.name}" CASCADE`));
  return { ...schema, url };
}

/** A pool that is ended after the tests. */
export function poolOf(url: string, config: PoolConfig = {}): Pool {
  const pool = new Pool({ connectionString: url, ...config });
  // Without a listener the loss of an idle connection would end the process.
  pool.on("error", () => {});
  afterTests(async () => pool.ended || pool.end());
  return pool;
}

/** Puts the end of a session into the past, as time would. */
export async function expireRow(
  db: PostgresClient,
  { schema, table }: TableName,
  handle: string,
): Promise<void> {
  await db.query(`UPDATE "${schema}"."${table}" SET expires_at = 1000 WHERE handle = $1`, [handle]);
}

async function schemaOf<Client extends PostgresClient>(db: Client): Promise<TestSchema<Client>> {
  const name = `sess_test_${randomBytes(6).toString("hex")}`;
  await db.query(`CREATE SCHEMA "${name}"`, []);
  let tables = 0;
  const nextTable = () => {
    tables += 1;
    return { schema: name, table: `sessions_${tables}` };
  };
  return { name, db, nextTable };
}
