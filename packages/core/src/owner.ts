import type { Rule } from "./options.ts";

/** What an owner must be. */
export const OWNER: Rule = [
  "well-formed text without NUL, of 1 to 255 bytes",
  (value) => {
    const isText = typeof value === "string" && !/[\0\p{Cs}]/u.test(value);
    const bytes = isText ? Buffer.byteLength(value) : 0;
    return bytes > 0 && bytes <= 255;
  },
];
