import { type Database, statement } from "./database.ts";
import type { PostgresStoreOptions } from "./options.ts";

const FIND = statement("SELECT 1 WHERE to_regclass($1) IS NOT NULL");

/** The table that sessions are kept in. */
export class Table {
  /** The name as SQL needs it: quoted, behind the schema's if there is one. */
  readonly name: string;
  /** The SQL that makes the table and its indexes where they are missing. The README shows it. */
  readonly definition: readonly string[];

  constructor({ table = "sessions", schema }: PostgresStoreOptions) {
    this.name = schema === undefined ? quoted(table) : `${quoted(schema)}.${quoted(table)}`;
    this.definition = [
      // Collation "C" compares bytes: the fastest, and the same on each machine whatever its locale.
      `CREATE TABLE IF NOT EXISTS ${this.name} (
  handle text COLLATE "C" PRIMARY KEY,
  revision bigint NOT NULL,
  created_at bigint NOT NULL,
  expires_at bigint NOT NULL,
  owner text COLLATE "C",
  data text NOT NULL
)`,
      `CREATE INDEX IF NOT EXISTS ${quoted(`${table}_expires_at_idx`)} ON ${this.name} (expires_at)`,
      `CREATE INDEX IF NOT EXISTS ${quoted(`${table}_owner_idx`)} ON ${this.name} (owner, handle) WHERE owner IS NOT NULL`,
    ];
  }

  /** Makes the table unless it is there: a role that may not create anything can use one that is. */
  async createIn(database: Database): Promise<void> {
    const found = await database.run(FIND, [this.name]);
    if (found.length > 0) return;
    // One statement, because a pool may run each on a connection of its own. The lock ends with it: of two
    // that made the same table at once, one would fail in the catalogue.
    const block = `BEGIN
PERFORM pg_advisory_xact_lock(hashtext('@sess/store-postgres'));
${this.definition.join(";\n")};
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
