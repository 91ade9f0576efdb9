/**
 * The one call that `PostgresStore` makes of a client. Structural, so that a `Pool` or `Client` of any
 * version of `pg` fits, as do PGlite and wrappers, and so that `pg` need not be installed to compile.
 */
export interface PostgresClient {
  /** Runs one statement with values for `$1`, `$2` … and resolves to its rows, by column. */
  query(text: string, values: unknown[]): Promise<{ readonly rows: readonly RowByColumn[] }>;
}

type RowByColumn = Readonly<Record<string, unknown>>;

/** What `pg` is told of a query beside its text. */
interface PgQuery {
  /** The name under which the connection keeps it prepared; without one it is parsed each time. */
  readonly name?: string;
  readonly text: string;
  readonly values: unknown[];
  readonly rowMode: "array";
  /** Parsers for this query alone, whatever the client has for others. */
  readonly types: { getTypeParser(): (value: unknown) => unknown };
}

/** A client that prepares a statement with a name, so that each connection parses it once. */
interface PreparingClient {
  query(query: PgQuery): Promise<unknown>;
}

/** Clients that connect, as those of `pg` do, take statements with names; PGlite does neither. */
export function isPreparing(client: PostgresClient): client is PostgresClient & PreparingClient {
  return "connect" in client && typeof client.connect === "function";
}

/** Whether it is a pool of `pg`: each of its statements is a transaction of its own. */
export function isPool(client: PostgresClient): boolean {
  return isPreparing(client) && "totalCount" in client && typeof client.totalCount === "number";
}
