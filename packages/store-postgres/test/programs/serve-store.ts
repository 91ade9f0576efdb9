// The other process of the suite.
import { serveStore } from "@sess/core/conformance";
import { PostgresStore } from "@sess/store-postgres";
import { Pool } from "pg";

const pools = new Map<string, Pool>();

function poolOf(connectionString: string, options: string): Pool {
  const pool = pools.get(options) ?? new Pool({ connectionString, options });
  // Without a listener the loss of an idle connection would end the process.
  pool.on("error", () => {});
  pools.set(options, pool);
  return pool;
}

serveStore(
  (address) => {
    const { url, options, table } = JSON.parse(address);
    return new PostgresStore(poolOf(url, options), table);
  },
  { clock: "server" },
);
