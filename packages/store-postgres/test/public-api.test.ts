import type { PGlite } from "@electric-sql/pglite";
import { expect, test } from "@jest/globals";
import * as exported from "@sess/store-postgres";
import { type PostgresClient, PostgresStore } from "@sess/store-postgres";
import type { Client, Pool, PoolClient } from "pg";

test("the package exports the store and nothing else", () => {
  expect(Object.keys(exported)).toEqual(["PostgresStore"]);
});

// Compiled, never run.
export function clients(
  pool: Pool,
  client: Client,
  poolClient: PoolClient,
  pglite: PGlite,
  wrapper: {
    query(text: string, values: unknown[]): Promise<{ rows: { [column: string]: unknown }[] }>;
  },
): PostgresClient[] {
  new PostgresStore(pool);
  new PostgresStore(pool, { table: "sessions" });
  new PostgresStore(pool, { table: "sessions", schema: "app", prepare: false });
  // @ts-expect-error: there is no such option
  new PostgresStore(pool, { tableName: "sessions" });
  // @ts-expect-error: the rows are missing
  new PostgresStore({ query: async (_text: string, _values: unknown[]) => [] });
  // @ts-expect-error: a connection string is no client
  new PostgresStore("postgres://localhost");
  // @ts-expect-error: the client must be given
  new PostgresStore();
  return [pool, client, poolClient, pglite, wrapper];
}
