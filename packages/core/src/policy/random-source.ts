import { randomFillSync } from "node:crypto";
import { startupSnapshot } from "node:v8";

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
    if (this.#used + bytes > POOL_BYTES || isCopied()) this.#refill(bytes);
    const start = this.#used;
    this.#used += bytes;
    const text = this.#pool.toString("base64url", start, this.#used);
    this.#pool.fill(0, start, this.#used);
    return text;
  }

  #refill(bytes: number): void {
    // What is left in the pool of a startup snapshot would be the same in every process started from it.
    const start = isCopied() ? POOL_BYTES - bytes : 0;
    randomFillSync(this.#pool, start);
    this.#used = start;
  }
}

/** Whether this process is about to be copied into a startup snapshot (`node --build-snapshot`). */
function isCopied(): boolean {
  // Other runtimes have no such thing.
  return startupSnapshot?.isBuildingSnapshot?.() ?? false;
}
