import { type Database, statement } from "./database.ts";
import type { PostgresStoreOptions } from "./options.ts";

/** Whether there is a table `$2` in the schema `$1`, or in the one where it would be made. */
const FIND = statement(
  `SELECT 'found' AS found
WHERE to_regclass(quote_ident(coalesce($1, current_schema())) || '.' || quote_ident($2)) IS NOT NULL`,
  ["found"],
);

/** The table that sessions are kept in. */
export class Table {
  /** The name as SQL needs it: quoted, behind the schema's if there is one. */
  readonly name: string;
  /** The SQL that makes the table and its indexes. The README shows it. */
  readonly definition: readonly string[];
  readonly #place: readonly [schema: string | undefined, table: string];

  constructor({ table = "sessions", schema }: Pick<PostgresStoreOptions, "table" | "schema">) {
    this.#place = [schema, table];
    this.name = schema === undefined ? quoted(table) : `${quoted(schema)}.${quoted(table)}`;
    this.definition = [
      // Collation "C" compares bytes: the fastest, and the same on each machine whatever its locale.
      `CREATE TABLE ${this.name} (
  handle text COLLATE "C" PRIMARY KEY,
  revision bigint NOT NULL,
  created_at bigint NOT NULL,
  expires_at bigint NOT NULL,
  owner text COLLATE "C",
  data text NOT NULL
)`,
      // Without names: a table that was renamed keeps its indexes' names, and no two can share one.
      `CREATE INDEX ON ${this.name} (expires_at)`,
      `CREATE INDEX ON ${this.name} (owner, handle) WHERE owner IS NOT NULL`,
    ];
  }

  /**
   * Makes the table unless it is there: a role that may not create anything can use one that is. Looks in
   * one schema, not through the whole `search_path`, where another tenant's may be.
   */
  async createIn(database: Database): Promise<void> {
    const found = await database.run(FIND, [...this.#place]);
    if (found.length > 0) return;
    // One statement, because a pool may run each on a connection of its own. The lock ends with it: of two
    // that made the same table at once, one would fail in the catalogue.
    const block = `BEGIN
PERFORM pg_advisory_xact_lock(hashtext('@sess/store-postgres'));
${this.definition.join(";\n")};
EXCEPTION WHEN duplicate_table THEN NULL;
END`;
    await database.run(statement(`DO ${literal(block)}`), []);
  }
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text in SQL, whatever `standard_conforming_strings` says of its backslashes. */
function literal(text: string): string {
  return `E'${text.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
}
