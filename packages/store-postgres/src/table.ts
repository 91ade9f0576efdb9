import { named, type Statement } from "./client.ts";
import type { Engine } from "./engine.ts";
import type { TableName } from "./options.ts";

/** The table, and what makes it. */
export class Table {
  /** Its name in quotes, after its schema's where one is given. */
  readonly name: string;
  /** What makes it and its indexes. */
  readonly definition: readonly string[];

  constructor({ table, schema }: TableName) {
    this.name = schema === undefined ? quoted(table) : `${quoted(schema)}.${quoted(table)}`;
    this.definition = [
      // "C" compares bytes: the same on every machine, whatever its locale, and the fastest.
      `CREATE TABLE IF NOT EXISTS ${this.name} (
  key text COLLATE "C" PRIMARY KEY,
  revision bigint NOT NULL,
  created_at bigint NOT NULL,
  expires_at bigint NOT NULL,
  owner text COLLATE "C",
  data text NOT NULL
)`,
      `CREATE INDEX IF NOT EXISTS ${quoted(`${table}_expires_at_idx`)} ON ${this.name} (expires_at)`,
      `CREATE INDEX IF NOT EXISTS ${quoted(`${table}_owner_idx`)} ON ${this.name} (owner, key) WHERE owner IS NOT NULL`,
    ];
  }

  /**
   * All of it as one statement, since a pool may give each its own connection. The lock goes with
   * the transaction: without it, of two that create the same at once, one fails in the catalogues.
   */
  get creation(): Statement {
    const body = `BEGIN
PERFORM pg_advisory_xact_lock(hashtext('@sess/store-postgres'));
${this.definition.map((step) => `${step};\n`).join("")}END`;
    const tag = unused(body);
    return named(`DO ${tag}${body}${tag}`);
  }
}

/** Looks first: where the table is there, a role that may not create anything is no fault. */
export async function createTable(engine: Engine, table: Table): Promise<void> {
  const [found] = await engine.run(LOOK, [table.name]);
  if (found === undefined) await engine.run(table.creation, []);
}

const LOOK = named("SELECT 1 AS found WHERE to_regclass($1) IS NOT NULL");

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A dollar quote that does not occur in `text`, whatever somebody may have named his table. */
function unused(text: string): string {
  for (let number = 0; ; number += 1) {
    const tag = `$sess${number}$`;
    if (!text.includes(tag)) return tag;
  }
}
