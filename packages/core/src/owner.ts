const MAX_BYTES = 255;

/** Whether `value` can be an owner: well-formed text of 1 to 255 bytes of UTF-8, without NUL. */
export function isOwner(value: unknown): value is string {
  if (typeof value !== "string" || value === "" || value.length > MAX_BYTES) return false;
  return value.isWellFormed() && !value.includes("\0") && Buffer.byteLength(value) <= MAX_BYTES;
}
