/**
 * Stands between the values of a column: ASCII's record separator, which JSON never holds as it is. An
 * array would be escaped here and taken apart on the server, character by character: most of what it
 * cost to bring sessions there.
 */
const SEPARATOR = "\u001e";

type Value = string | number | null;

/** Whether `text` can be told from the values beside it. */
export function isSeparable(text: string): boolean {
  return !text.includes(SEPARATOR);
}

/** The values of many calls as one parameter: null is empty. */
export function columnOf(values: readonly Value[]): string {
  return values.join(SEPARATOR);
}

/** SQL for the texts of a parameter, none of them null. */
export function texts(parameter: number): string {
  return `string_to_array($${parameter}, E'\\x1e')`;
}

/** SQL for the texts of a parameter, where one that is empty is null. */
export function textsOrNull(parameter: number): string {
  return `string_to_array($${parameter}, E'\\x1e', '')`;
}

/** SQL for the numbers of a parameter, where one that is empty is null. */
export function numbers(parameter: number): string {
  return `${textsOrNull(parameter)}::bigint[]`;
}
