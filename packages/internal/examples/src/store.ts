import type { Store } from "@sess/core";
import { LevelStore } from "@sess/store-level";
import { MemoryStore } from "@sess/store-memory";
import { PostgresStore } from "@sess/store-postgres";
import { RedisStore } from "@sess/store-redis";
import { Pool } from "pg";
import { createClient } from "redis";

/** An open store. Who opens closes: `close()` also closes the client that was opened for the store. */
export interface OpenStore {
  readonly store: Store;
  close(): Promise<void>;
}

/** Opens the store that a URL names: `memory:`, `level:./sessions`, `redis://…` or `postgres://…`. */
export async function openStore(url: string): Promise<OpenStore> {
  if (url.startsWith("redis:")) return openRedis(url);
  if (url.startsWith("postgres:")) return openPostgres(url);
  // These hold nothing but themselves, and the manager closes its store.
  const close = async () => {};
  if (url.startsWith("level:")) {
    return { store: await LevelStore.open(url.slice("level:".length)), close };
  }
  return { store: new MemoryStore(), close };
}

async function openRedis(url: string): Promise<OpenStore> {
  const client = createClient({ url, disableOfflineQueue: true });
  // The client reconnects by itself. Without a listener a lost connection would end the process.
  client.on("error", (error) => console.error(error.message));
  await client.connect();
  return { store: new RedisStore(client), close: () => client.close() };
}

async function openPostgres(url: string): Promise<OpenStore> {
  const pool = new Pool({
    connectionString: url,
    connectionTimeoutMillis: 5_000,
    query_timeout: 5_000,
  });
  // The pool reconnects by itself. Without a listener a lost connection would end the process.
  pool.on("error", (error) => console.error(error.message));
  const store = new PostgresStore(pool);
  await store.createTable();
  return { store, close: () => pool.end() };
}
