import fc from "fast-check";

const BASE64URL = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"];

export const handles = fc
  .string({ unit: fc.constantFrom(...BASE64URL), minLength: 43, maxLength: 43 })
  .map((text) => `~${text}`);

export const owners = fc.oneof(
  fc.string({ unit: "binary", minLength: 1, maxLength: 60 }),
  fc.constantFrom("a", "a/", "a/~", "a0", "a%2F", "ab", "/", "%", "!", "é", "😀"),
);

/** As far as a `Date` reaches, in ms since the epoch. */
export const LAST_TIME = 8_640_000_000_000_000;

/** In ms since the epoch. */
export const times = fc.oneof(
  fc.integer({ min: 0, max: 2 ** 42 }),
  fc.integer({ min: 0, max: LAST_TIME }),
  fc.constantFrom(0, LAST_TIME),
);
