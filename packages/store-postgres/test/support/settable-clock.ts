import type { TestSchema } from "./test-schema.ts";

/** The `search_path` of a connection that goes by the schema's clock. */
export function searchPath({ name }: Pick<TestSchema, "name">): string {
  return `"${name}", pg_catalog`;
}

/**
 * Puts a clock that can be set before the database's: a function of the same name that is found first.
 * So the real statements are tested to the millisecond, on the real engine.
 */
export async function settableClock({ db, name }: TestSchema) {
  const clock = `"${name}".clock`;
  await db.query(`CREATE TABLE ${clock} (ms bigint NOT NULL)`, []);
  await db.query(`INSERT INTO ${clock} VALUES (0)`, []);
  await db.query(
    `CREATE FUNCTION "${name}".statement_timestamp() RETURNS timestamptz LANGUAGE sql STABLE
     AS 'SELECT to_timestamp(ms / 1000.0) FROM ${clock}'`,
    [],
  );
  const update = async (change: string, ms: number) => {
    await db.query(`UPDATE ${clock} SET ms = ${change}`, [ms]);
  };
  return {
    set: (now: number) => update("$1", now),
    advance: (ms: number) => update("ms + $1", ms),
  };
}
