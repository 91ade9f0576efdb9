import { SessionError } from "@sess/core";
import { isObject } from "@sess/core/adapter";

/** The values of a row, in the order in which its statement names them. Every column is text. */
export type Row = readonly (string | null)[];

/**
 * The rows of a client's answer, by column or as arrays.
 *
 * @throws STORE_UNAVAILABLE if it has another shape, which must not pass for "done" or "not there". The
 * message says which shape came, and nothing of what it holds.
 */
export function rowsOf(answer: unknown, columns: readonly string[]): Row[] {
  const rows = isObject(answer) ? answer["rows"] : undefined;
  if (!Array.isArray(rows)) {
    throw unreadable(
      isObject(answer) ? `an object whose rows are ${kindOf(rows)}` : kindOf(answer),
    );
  }
  return rows.map((row: unknown) => valuesOf(row, columns));
}

/** The error for an answer that cannot be understood; `what` completes "The client answered with …". */
export function unreadable(what: string): SessionError {
  return new SessionError(
    "STORE_UNAVAILABLE",
    `The client of PostgresStore answered with ${what}, which cannot be understood. If it was to write, it may have done so. Pass in a pool or client of pg, PGlite, or an object whose query(text, values) resolves to { rows }, each row an object by column, text as text.`,
  );
}

function valuesOf(row: unknown, columns: readonly string[]): Row {
  if (!isObject(row)) throw unreadable(`a row that is ${kindOf(row)}`);
  if (Array.isArray(row) && row.length !== columns.length) {
    throw unreadable(`a row of ${row.length} values instead of ${columns.length}`);
  }
  return columns.map((column, index) => {
    const value: unknown = Array.isArray(row) ? row[index] : row[column];
    if (typeof value !== "string" && value !== null) {
      throw unreadable(`a row whose ${column} is ${kindOf(value)}`);
    }
    return value;
  });
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return "an array";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
