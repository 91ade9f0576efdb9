import { createHash } from "node:crypto";

/** A row as the client hands it out: numbers of 64 bits may come as text, number or bigint. */
type Row = Readonly<Record<string, unknown>>;

/**
 * What `PostgresStore` calls of a client. Typed by the one call, so that a pool or a client of `pg`
 * fits, PGlite, and whatever is made to look like them.
 */
export interface PostgresClient {
  query(text: string, values: unknown[]): Promise<{ readonly rows: readonly Row[] }>;
}

/** The values of a row, in the order in which its statement names them. */
export type Values = readonly unknown[];

/** One text of SQL, and the name under which a connection may keep it prepared. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

/** The name follows from the text, so that one connection can serve stores on several tables. */
export function named(text: string): Statement {
  const hash = createHash("sha256").update(text).digest("base64url");
  return { name: `sess-${hash.slice(0, 22)}`, text };
}

/** A client that prepares by name: a statement is parsed once for each connection. */
interface NamingClient {
  query(
    statement: Statement & { readonly values: unknown[]; readonly rowMode: "array" },
  ): Promise<{ readonly rows: readonly (Values | Row)[] }>;
}

/** Runs a statement, by its name where the client can. Resolves to its rows. */
export async function send(
  client: PostgresClient,
  { name, text }: Statement,
  values: unknown[],
): Promise<readonly Values[]> {
  const { rows } = canName(client)
    ? await client.query({ name, text, values, rowMode: "array" })
    : await client.query(text, values);
  return rows.map(valuesOf);
}

/** Of a row that may be an object all the same: its properties are made in the order of the columns. */
function valuesOf(row: Values | Row): Values {
  return isValues(row) ? row : Object.values(row);
}

function isValues(row: Values | Row): row is Values {
  return Array.isArray(row);
}

/**
 * The clients that take a statement with a name are those that connect: `pg` and what is made after
 * it. PGlite has nothing to connect to, and an object with `query` alone takes what its type says.
 */
function canName(client: PostgresClient): client is PostgresClient & NamingClient {
  return "connect" in client && typeof client.connect === "function";
}
