import fc from "fast-check";

/** Names that mean something to an object, a promise, a session or the record format. */
const LOADED_NAMES = [
  ...["__proto__", "constructor", "prototype", "toString", "valueOf", "hasOwnProperty", "toJSON"],
  ...["then", "get", "save", "id", "owner", "0", "-0", "", "!", '!"notice"', '"', "\\"],
  ...["\n", "\t", "\r\n", "\0", "\u2028", "\ud800", "\udfff\ud800", "🍪", "a".repeat(1_000)],
];

/** Any text, unpaired surrogates and control characters included. */
const units = fc.string({
  unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
  maxLength: 12,
});

const controls = fc.string({
  unit: fc.constantFrom(...'\0\u0001\b\t\n\u000b\f\r\u001b\u007f\u0085 "\\!\u2028'),
  maxLength: 6,
});

/** A key of a value, or a kind of message. */
export const key = fc.oneof(fc.constantFrom(...LOADED_NAMES), units, controls);

/** Any value that JSON can carry, as JSON gives it back: a negative zero is 0. */
export const jsonValue = fc
  .oneof(
    { weight: 6, arbitrary: fc.jsonValue({ stringUnit: "binary", maxDepth: 2 }) },
    { weight: 2, arbitrary: fc.oneof(units, controls, fc.constantFrom(...LOADED_NAMES)) },
    { weight: 1, arbitrary: fc.dictionary(key, fc.oneof(key, fc.double()), { maxKeys: 4 }) },
  )
  .map((value): unknown => JSON.parse(JSON.stringify(value)));

const EVERYTHING = {
  ...{ withBigInt: true, withBoxedValues: true, withDate: true, withMap: true, withSet: true },
  ...{ withNullPrototype: true, withObjectString: true, withSparseArray: true },
  withTypedArray: true,
};

/** Any value at all. */
export const anything = fc.anything({ ...EVERYTHING, key, maxDepth: 2, stringUnit: "binary" });
