import type { Contender } from "../contender.ts";
import { openPool } from "../postgres-pool.ts";
import { TextSessions } from "../text-sessions.ts";

export const contender: Contender = {
  title: "bare pg, prepared statements, with JSON",
  lacks: ["no session at all: a limit", "no check of revisions", "ids in plain"],
  open: async ({ size, url }) => {
    const { pool, schema, close } = await openPool(url, "bare");
    const table = `${schema}.sessions`;
    await pool.query(
      `CREATE TABLE ${table} (id text PRIMARY KEY, data text, expires_at timestamptz NOT NULL)`,
    );
    const later = "now() + interval '1 day'";
    const query = (name: string, text: string, values: readonly unknown[]) =>
      pool.query<{ data: string }>({ name, text, values: [...values] });
    const select = `SELECT data FROM ${table} WHERE id = $1 AND expires_at > now()`;
    const update = `UPDATE ${table} SET data = $2, expires_at = ${later} WHERE id = $1`;
    const insert = `INSERT INTO ${table} VALUES ($1, $2, ${later})`;
    const touch = `UPDATE ${table} SET expires_at = ${later} WHERE id = $1`;
    const fill = `INSERT INTO ${table} SELECT id, data, ${later}
      FROM unnest($1::text[], $2::text[]) AS entry (id, data)`;
    return new TextSessions(
      {
        get: async (id) => (await query("select", select, [id])).rows[0]?.data,
        set: (id, text) => query("update", update, [id, text]),
        add: (id, text) => query("insert", insert, [id, text]),
        extend: (id) => query("touch", touch, [id]),
        put: (entries) =>
          query("fill", fill, [entries.map(([id]) => id), entries.map(([, text]) => text)]),
        close,
      },
      size,
    );
  },
};
