import { LifeCycle } from "../adapter/life-cycle.ts";

/**
 * The calls on a manager and its sessions that are under way or wait for their turn. `close()` lets those
 * finish that were asked for before it, and only then closes the store.
 */
export class Operations {
  readonly #life = new LifeCycle("SessionManager");
  #isStoreClosed = false;

  /** @throws STORE_CLOSED once `close()` has been called. */
  assertOpen(): void {
    this.#life.assertOpen();
  }

  /** @throws STORE_CLOSED once the store has been closed. */
  assertStoreOpen(): void {
    if (this.#isStoreClosed) this.#life.assertOpen();
  }

  /** Keeps the store open until `call` settles. */
  track(call: Promise<unknown>): void {
    this.#life.track(call);
  }

  close(closeStore: () => Promise<void>): Promise<void> {
    return this.#life.close(async () => {
      this.#isStoreClosed = true;
      await closeStore();
    });
  }
}
