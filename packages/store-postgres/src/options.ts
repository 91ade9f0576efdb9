import { SessionError } from "@sess/core";
import type { PostgresClient } from "./client.ts";

export interface PostgresStoreOptions {
  /** The table's name, as it is: PostgreSQL is given it in quotes. Default: `"sessions"`. */
  readonly table?: string;
  /** The schema that the table is in. Default: the first of the connection's `search_path`. */
  readonly schema?: string;
}

/** Bytes of a name in PostgreSQL. What is longer it would cut without a word. */
const LONGEST_NAME = 63;

/** The table's indexes are named after it, with this at the end of the longest. */
const LONGEST_ENDING = "_expires_at_idx".length;

export interface TableName {
  readonly table: string;
  readonly schema: string | undefined;
}

export function tableName(options: PostgresStoreOptions): TableName {
  if (typeof options !== "object" || options === null) {
    throw invalid('The options must be an object such as { table: "sessions" }.');
  }
  const unknown = Object.keys(options).find((name) => name !== "table" && name !== "schema");
  if (unknown !== undefined) {
    throw invalid(`There is no option "${unknown}"; there are table and schema.`);
  }
  const { table = "sessions", schema } = options;
  checkName("table", table, LONGEST_NAME - LONGEST_ENDING);
  if (schema !== undefined) checkName("schema", schema, LONGEST_NAME);
  return { table, schema };
}

export function checkClient(client: PostgresClient): void {
  if (typeof Object(client).query === "function") return;
  throw invalid("The client must have query(text, values): a pool of pg, for one.");
}

function checkName(option: string, name: unknown, longest: number): void {
  const fits =
    typeof name === "string" &&
    name !== "" &&
    !name.includes("\0") &&
    Buffer.byteLength(name) <= longest;
  if (!fits) throw invalid(`${option} must be a name of 1 to ${longest} bytes, without NUL.`);
}

function invalid(message: string): SessionError {
  return new SessionError("INVALID_OPTION", `PostgresStore: ${message}`);
}
