import connectPgSimple from "connect-pg-simple";
import session from "express-session";
import type { Contender } from "../contender.ts";
import { DAY } from "../exchange.ts";
import { ExpressSessions } from "../express-sessions.ts";
import { openPool } from "../postgres-pool.ts";

/** Its expiry is in whole seconds: by less, an extension could not be told. */
const MINUTE = 60_000;

export const contender: Contender = {
  title: "connect-pg-simple",
  lacks: ["no check of revisions", "ids in plain"],
  open: async ({ size, url }) => {
    const { pool, schema, close } = await openPool(url, "connect");
    const PgStore = connectPgSimple(session);
    const store = new PgStore({
      pool,
      schemaName: schema,
      createTableIfMissing: true,
      pruneSessionInterval: false,
    });
    // Makes the table.
    await new Promise((resolve) => store.get("nobody", resolve));
    const put = (entries: readonly (readonly [string, string])[]) =>
      pool.query(
        `INSERT INTO ${schema}.session SELECT id, text::json, $3
           FROM unnest($1::text[], $2::text[]) AS entry (id, text)`,
        [
          entries.map(([id]) => id),
          entries.map(([, text]) => text),
          new Date(Date.now() + DAY - MINUTE),
        ],
      );
    const expiry = async (id: string) => {
      const select = `SELECT expire FROM ${schema}.session WHERE sid = $1`;
      return (await pool.query<{ expire: Date }>(select, [id])).rows[0]?.expire.getTime() ?? 0;
    };
    return new ExpressSessions({ store, put, expiry, close }, size);
  },
};
