import type { Place } from "./place.ts";

/** What a connection must be told so that it takes the clock of `place` for its own. */
export function searchPath({ schema }: Pick<Place, "schema">): string {
  return `"${schema}", pg_catalog`;
}

/**
 * Puts a clock that can be set before the database's: a function that is found first. So the real
 * statements are tested to the millisecond, on the real engine.
 */
export async function setClock({ db, schema }: Place) {
  const clock = `"${schema}".clock`;
  await db.query(`CREATE TABLE ${clock} (ms bigint NOT NULL)`, []);
  await db.query(`INSERT INTO ${clock} VALUES (0)`, []);
  await db.query(
    `CREATE FUNCTION "${schema}".statement_timestamp() RETURNS timestamptz LANGUAGE sql STABLE
     AS 'SELECT to_timestamp(ms / 1000.0) FROM ${clock}'`,
    [],
  );
  const run = async (change: string, ms: number) => {
    await db.query(`UPDATE ${clock} SET ms = ${change}`, [ms]);
  };
  return {
    set: (now: number) => run("$1", now),
    advance: (ms: number) => run("ms + $1", ms),
  };
}
