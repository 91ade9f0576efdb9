import { SessionError } from "../contract/errors.ts";

/**
 * Knows whether a store is open and what is under way in it. `close()` waits for the calls that have
 * begun; later ones are refused.
 */
export class LifeCycle {
  readonly #subject: string;
  #isClosed = false;
  #callsUnderWay = 0;
  #closing: Promise<void> | undefined;
  #tellIdle: (() => void) | undefined;

  /** `subject` is who is closed, for errors: `MemoryStore`. */
  constructor(subject: string) {
    this.#subject = subject;
  }

  /** Whether `close()` has been called. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** @throws STORE_CLOSED once `close()` has been called. */
  assertOpen(): void {
    if (this.#isClosed) throw this.closedError();
  }

  /** The error that calls on a closed store reject with. */
  closedError(): SessionError {
    return new SessionError(
      "STORE_CLOSED",
      `The ${this.#subject} has been closed. Open a new one.`,
    );
  }

  /**
   * Runs one call of the store as a whole: one that has begun is carried out, even if `close()` comes
   * meanwhile.
   *
   * @throws STORE_CLOSED if the store is closed; whatever `call` throws.
   */
  async run<Result>(call: () => Promise<Result>): Promise<Result> {
    this.assertOpen();
    this.#callsUnderWay += 1;
    try {
      return await call();
    } finally {
      this.#end();
    }
  }

  /** Has `close()` wait until `call`, which has begun, settles. Costs less than `run`. */
  track(call: Promise<unknown>): void {
    this.#callsUnderWay += 1;
    const done = () => this.#end();
    call.then(done, done);
  }

  /**
   * Refuses new calls, waits for those under way and then runs `release`. Closing twice releases once; if
   * `release` fails, the next `close()` tries it again.
   */
  close(release: () => Promise<void> = async () => {}): Promise<void> {
    this.#isClosed = true;
    this.#closing ??= this.#idle()
      .then(release)
      .catch((error: unknown) => {
        this.#closing = undefined;
        throw error;
      });
    return this.#closing;
  }

  #end(): void {
    this.#callsUnderWay -= 1;
    if (this.#callsUnderWay === 0) this.#tellIdle?.();
  }

  #idle(): Promise<void> {
    if (this.#callsUnderWay === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#tellIdle = resolve;
    });
  }
}
