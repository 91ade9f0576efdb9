import { randomFillSync } from "node:crypto";

const POOL_BYTES = 4096;

/**
 * Random text from the system's CSPRNG, drawn in blocks: a call for each id costs thirty times as
 * much. Bytes that were handed out are wiped, so that the block never holds the id of a session.
 */
export class Random {
  readonly #pool = Buffer.alloc(POOL_BYTES);
  #used = POOL_BYTES;

  /** `bytes` random bytes in base64url. */
  text(bytes: number): string {
    if (this.#used + bytes > POOL_BYTES) {
      randomFillSync(this.#pool);
      this.#used = 0;
    }
    const start = this.#used;
    this.#used += bytes;
    const text = this.#pool.toString("base64url", start, this.#used);
    this.#pool.fill(0, start, this.#used);
    return text;
  }
}
