import { SessionError } from "./errors.ts";

const MAX_BYTES = 255;

/** Throws INVALID_OPTION for what cannot be an owner. */
export function mustBeOwner(value: unknown): void {
  const isText = typeof value === "string" && value.isWellFormed() && !value.includes("\0");
  const bytes = isText ? Buffer.byteLength(value) : 0;
  if (bytes > 0 && bytes <= MAX_BYTES) return;
  const message = `An owner must be well-formed text of 1 to ${MAX_BYTES} bytes, without NUL.`;
  throw new SessionError("INVALID_OPTION", message);
}
