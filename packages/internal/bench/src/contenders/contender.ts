import { createHmac } from "node:crypto";
import type { Accesses } from "../accesses/accesses.ts";
import type { Size } from "../accesses/session-values.ts";

/** A library, a store or a bare engine that is measured. */
export interface Contender {
  readonly title: string;
  /** What @sess promises and this contender does not, each in a few words. */
  readonly lacks: readonly string[];
  /** Loads the packages of this contender, which no other process needs to load, and opens it. */
  open(place: Place): Promise<Accesses>;
}

interface Place {
  readonly size: Size;
  /** An empty directory of its own. */
  readonly directory: string;
  /** The server, for contenders that need one. */
  readonly url: string;
}

/** A client of a Redis, with a prefix of its own. `close()` removes what was stored under the prefix. */
export async function openRedisClient(url: string, contender: string) {
  const { createClient } = await import("redis");
  const client = createClient({ url });
  await client.connect();
  const prefix = `bench-${contender}-${process.pid}:`;
  const close = async () => {
    for await (const keys of client.scanIterator({ MATCH: `${prefix}*`, COUNT: 1_000 })) {
      if (keys.length > 0) await client.unlink(keys);
    }
    await client.close();
  };
  return { client, prefix, close };
}

/** Connections to a PostgreSQL, with a schema of their own. `close()` drops the schema. */
export async function openPool(connectionString: string, contender: string) {
  const { Pool } = await import("pg");
  const pool = new Pool({ connectionString, max: 10 });
  // Without a listener, a server that ends before the pool would end this process.
  pool.on("error", () => {});
  const schema = `bench_${contender}_${process.pid}`;
  await pool.query(`CREATE SCHEMA ${schema}`);
  const close = async () => {
    await pool.query(`DROP SCHEMA ${schema} CASCADE`);
    await pool.end();
  };
  return { pool, schema, close };
}

/** The secret of every contender that signs or seals cookies. */
export const SECRET = "a secret of more than thirty-two characters";

/** Signs an id as express-session and @fastify/session do. */
export function signature(id: string): string {
  return createHmac("sha256", SECRET).update(id).digest("base64").replace(/=+$/, "");
}
