import type { UnsavedEdits } from "./unsaved-edits.ts";

/** An object that keeps trying while its store is down must not keep every attempt. */
const MOST_ATTEMPTS = 64;

/**
 * Saves that may have happened although they did not resolve to true: the store failed, or its client
 * sent them twice. When one is found in the store, it is not made again.
 */
export class UnconfirmedSaves {
  readonly #byNonce = new Map<string, UnsavedEdits>();

  get isEmpty(): boolean {
    return this.#byNonce.size === 0;
  }

  add(nonce: string, edits: UnsavedEdits): void {
    this.#byNonce.set(nonce, edits);
    const [oldest = ""] = this.#byNonce.keys();
    if (this.#byNonce.size > MOST_ATTEMPTS) this.#byNonce.delete(oldest);
  }

  find(nonce: string): UnsavedEdits | undefined {
    return this.#byNonce.get(nonce);
  }
}
