import type { Fields } from "./fields-format.ts";

// A record of a custom codec may contain lines of JSON, from before the codec was introduced. They begin
// with a tab, which no codec may write.

export const JSON_PREFIX = "\t";

/** Fields of JSON as fields of a custom codec's record. */
export function mixedFromJson(fields: Fields): Fields {
  return fields.replace(/(?<=\n)([^\t\n]*\t)/g, `$1${JSON_PREFIX}`);
}

/** How many lines of fields of a custom codec's record are JSON: each takes one byte more than alone. */
export function jsonLinesIn(fields: Fields): number {
  // Neither a key nor an encoding contains a raw tab.
  return fields.split(`\t${JSON_PREFIX}`).length - 1;
}

/** The other way; undefined if a line is the custom codec's. */
export function jsonFromMixed(fields: Fields): Fields | undefined {
  if (/\n[^\t\n]*\t(?!\t)/.test(fields)) return undefined;
  return fields.replace(/(?<=\n)([^\t\n]*\t)\t/g, "$1");
}
