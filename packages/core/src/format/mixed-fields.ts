import type { Fields } from "./fields-format.ts";

// A record of a custom codec may contain lines of JSON, from before the codec was introduced. They begin
// with a tab, which no codec may write.

export const JSON_PREFIX = "\t";

/** Fields of JSON as fields of a custom codec's record. */
export function mixedFromJson(fields: Fields): Fields {
  return fields.replace(/(?<=\n)([^\t\n]*\t)/g, `$1${JSON_PREFIX}`);
}

/** The other way; undefined if a line is the custom codec's. */
export function jsonFromMixed(fields: Fields): Fields | undefined {
  if (/\n[^\t\n]*\t(?!\t)/.test(fields)) return undefined;
  return fields.replace(/(?<=\n)([^\t\n]*\t)\t/g, "$1");
}
