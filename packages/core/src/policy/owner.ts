import { type Rule, text } from "../adapter/options.ts";

/** UTF-8 bytes, so that every engine can index an owner. */
const LONGEST_OWNER = 255;

/** What an owner must be. */
export const OWNER: Rule = {
  ...text(1, LONGEST_OWNER),
  expected: `well-formed text of 1 to ${LONGEST_OWNER} bytes, without NUL (convert a number)`,
};
