import { aBoolean, type Rule, type Rules, text, withMethods } from "@sess/core/adapter";

/** Options of a `PostgresStore`. */
export interface PostgresStoreOptions {
  /** The table's name as it is, since SQL gets it quoted: 1 to 63 bytes. @default "sessions" */
  readonly table?: string;
  /** The table's schema, 1 to 63 bytes. @default the first of the connection's `search_path` */
  readonly schema?: string;
  /**
   * Whether each connection of `pg` keeps the statements prepared that are run often: twelve for a
   * table, about 1.2 MB of the server's memory. Without it they are parsed and planned each time.
   * @default true
   */
  readonly prepare?: boolean;
}

/** Bytes of a name in PostgreSQL, which cuts longer ones in silence. */
const LONGEST_NAME = 63;

export const OPTION_RULES: Rules<PostgresStoreOptions> = {
  table: text(1, LONGEST_NAME),
  schema: text(1, LONGEST_NAME),
  prepare: aBoolean,
};

export const CLIENT_RULE: Rule = {
  ...withMethods("query"),
  expected: "a pool or client of pg, or an object with query(text, values)",
};
