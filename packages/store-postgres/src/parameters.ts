type Value = string | number | null | undefined;

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

/** SQL for the texts in the parameter `$number`, none of them null. */
export function texts(number: number): string {
  return `string_to_array($${number}, E'\\x1e')`;
}

/** SQL for the texts in a parameter; an empty one is null. */
export function textsOrNull(number: number): string {
  return `string_to_array($${number}, E'\\x1e', '')`;
}

/** SQL for the numbers in a parameter; an empty text is null. */
export function numbers(number: number): string {
  return `${textsOrNull(number)}::bigint[]`;
}
