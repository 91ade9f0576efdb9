import { PGlite } from "@electric-sql/pglite";
import { afterAll } from "@jest/globals";
import { PostgresStore } from "@sess/store-postgres";
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
