import { PostgresStore } from "@sess/store-postgres";
import { Pool } from "pg";

/** A store with a pool of its own: who opens closes. */
class OwnPostgresStore extends PostgresStore {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    super(pool);
    this.#pool = pool;
  }

  override async close(): Promise<void> {
    await super.close();
    if (!this.#pool.ended) await this.#pool.end();
  }
}

/** The application's store in PostgreSQL, for as many processes as there are. */
export async function openPostgresStore(): Promise<PostgresStore> {
  const pool = new Pool({
    connectionString: process.env["DATABASE_URL"] ?? "postgres://localhost",
    connectionTimeoutMillis: 5_000,
    query_timeout: 5_000,
  });
  // It connects again by itself. Without a listener a lost connection would end the process.
  pool.on("error", (error) => console.error(error.message));
  const store = new OwnPostgresStore(pool);
  await store.createTable();
  return store;
}
