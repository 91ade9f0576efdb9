import { invalid } from "./errors.ts";

/** Throws INVALID_OPTION for what cannot be an owner. */
export function mustBeOwner(value: unknown): void {
  const isText = typeof value === "string" && !/[\0\p{Cs}]/u.test(value);
  const bytes = isText ? Buffer.byteLength(value) : 0;
  if (bytes > 0 && bytes <= 255) return;
  throw invalid("An owner must be well-formed text without NUL, of 1 to 255 bytes.");
}
