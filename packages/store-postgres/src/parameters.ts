type Value = string | number | null | undefined;

/** A column of what a write asks for. */
export interface Column<Name extends string> {
  /** What the write calls it. */
  readonly name: Name;
  readonly column: string;
  readonly type: "text" | "bigint";
  /** Whether an empty text stands for null. */
  readonly isNullable?: boolean;
}

/**
 * Separates the values of a column: ASCII's record separator, which JSON never holds unescaped. An array
 * would be escaped here and taken apart on the server, character by character, which was most of the cost
 * of a batch.
 */
const SEPARATOR = "\u001e";

/** The parameter for a column: its one value, or the text of several. */
export function parameterOf(values: readonly Value[]): Value {
  return values.length === 1 ? values[0] : values.join(SEPARATOR);
}

/** Whether a text can share a parameter with others. */
export function isSeparable(text: string): boolean {
  return !text.includes(SEPARATOR);
}

/** SQL for an array of the texts in the parameter `$number`, none of them null. */
export function textsIn(number: number): string {
  return `string_to_array($${number}, E'\\x1e')`;
}

/** SQL for a row whose columns are in the parameters `$1`, `$2` … */
export function oneRow(columns: readonly Column<string>[]): string {
  const values = columns.map(({ column, type }, index) => `$${index + 1}::${type} AS ${column}`);
  return `SELECT ${values.join(", ")}`;
}

/** SQL for several rows: each parameter has the values of one column. */
export function manyRows(columns: readonly Column<string>[]): string {
  const arrays = columns.map(({ type, isNullable }, index) => {
    if (type === "text" && !isNullable) return textsIn(index + 1);
    const orNull = `string_to_array($${index + 1}, E'\\x1e', '')`;
    return type === "text" ? orNull : `${orNull}::${type}[]`;
  });
  const names = columns.map(({ column }) => column);
  return `SELECT * FROM unnest(${arrays.join(", ")}) AS v (${names.join(", ")})`;
}
