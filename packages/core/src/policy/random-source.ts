import { randomFillSync } from "node:crypto";

const POOL_BYTES = 4096;

/**
 * Random text from the system's CSPRNG. Draws a pool at a time: one draw for each id costs thirty times
 * as much. Bytes are wiped when they are handed out, so the pool never contains a session's id.
 */
export class RandomSource {
  readonly #pool = Buffer.alloc(POOL_BYTES);
  #used = POOL_BYTES;

  /** This many random bytes, in base64url. */
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
