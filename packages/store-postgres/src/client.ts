import { createHash } from "node:crypto";

/** A row as the client hands it out: numbers of 64 bits may come as text, number or bigint. */
export type Row = Readonly<Record<string, unknown>>;

/**
 * What `PostgresStore` calls of a client. Typed by the one call, so that a pool or a client of `pg`
 * fits, PGlite, and whatever is made to look like them.
 */
export interface PostgresClient {
  query(text: string, values: unknown[]): Promise<{ readonly rows: readonly Row[] }>;
}

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
    statement: Statement & { readonly values: unknown[] },
  ): Promise<{ readonly rows: readonly Row[] }>;
}

/** Runs a statement, by its name where the client can. */
export function send(
  client: PostgresClient,
  { name, text }: Statement,
  values: unknown[],
): Promise<{ readonly rows: readonly Row[] }> {
  return canName(client) ? client.query({ name, text, values }) : client.query(text, values);
}

/**
 * The clients that take a statement with a name are those that connect: `pg` and what is made after
 * it. PGlite has nothing to connect to, and an object with `query` alone takes what its type says.
 */
function canName(client: PostgresClient): client is PostgresClient & NamingClient {
  return "connect" in client && typeof client.connect === "function";
}
