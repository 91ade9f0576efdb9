import { randomFillSync } from "node:crypto";

const POOL_BYTES = 4096;

/** So many random bytes, in base64url. */
export type Random = (bytes: number) => string;

/**
 * Random text from the system's CSPRNG, drawn in blocks: a call for each id costs thirty times as
 * much. Bytes that were handed out are wiped, so that the block never holds the id of a session.
 */
export function randomSource(): Random {
  const pool = Buffer.alloc(POOL_BYTES);
  let used = POOL_BYTES;
  return (bytes) => {
    if (used + bytes > POOL_BYTES) {
      randomFillSync(pool);
      used = 0;
    }
    const start = used;
    used += bytes;
    const text = pool.toString("base64url", start, used);
    pool.fill(0, start, used);
    return text;
  };
}
