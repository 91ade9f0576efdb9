import type { Codec } from "../contract/codec.ts";

// Registered, so that the ESM and the CommonJS copy of this package recognise each other's codec.
const brand = Symbol.for("@sess/core/looseJson");

/**
 * JSON that takes what `JSON.stringify` takes and alters it as that does: a `Date` becomes text, `NaN`
 * null, a `Map` `{}`, and a value that is undefined is removed. For those who come from express-session.
 * Its records are those of the default: either reads what the other has saved.
 */
export const looseJson: Codec = Object.freeze({
  stringify: (value: unknown) => JSON.stringify(value),
  parse: (text: string): unknown => JSON.parse(text),
  [brand]: true,
});

/** Whether `codec` is `looseJson`, of any copy of this package. */
export function isLooseJson(codec: Codec): boolean {
  return brand in codec;
}
