/**
 * The one call that `PostgresStore` makes of a client. Structural, so that a `Pool` or `Client` of any
 * version of `pg` fits, as do PGlite and wrappers, and so that `pg` need not be installed to compile.
 */
export interface PostgresClient {
  /** Runs one statement with values for `$1`, `$2` … and resolves to its rows, by column. */
  query(text: string, values: unknown[]): Promise<{ readonly rows: readonly RowByColumn[] }>;
}

type RowByColumn = Readonly<Record<string, unknown>>;

/** The values of a row, in the order in which its statement names them. */
export type Row = readonly unknown[];

/** One text of SQL, and the name under which a connection keeps it prepared. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

/** A client that prepares a statement with a name, so that each connection parses it once. */
interface PreparingClient {
  query(
    statement: Statement & { readonly values: unknown[]; readonly rowMode: "array" },
  ): Promise<{ readonly rows: readonly (Row | RowByColumn)[] }>;
}

/** Clients that connect, as those of `pg` do, take statements with names; PGlite does neither. */
export function isPreparing(client: PostgresClient): client is PostgresClient & PreparingClient {
  return "connect" in client && typeof client.connect === "function";
}
