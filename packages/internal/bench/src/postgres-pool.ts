import { Pool } from "pg";

/** A pool with a schema of its own, which goes when it ends. */
export async function openPool(connectionString = "", name = "") {
  const pool = new Pool({ connectionString, max: 10 });
  // The server may go first.
  pool.on("error", () => {});
  const schema = `bench_${name}_${process.pid}`;
  await pool.query(`CREATE SCHEMA ${schema}`);
  const close = async () => {
    await pool.query(`DROP SCHEMA ${schema} CASCADE`);
    await pool.end();
  };
  return { pool, schema, close };
}
