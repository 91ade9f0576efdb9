import { callbackRefused, SessionError } from "../contract/errors.ts";
import { TIME_LIMIT } from "../policy/time-limit.ts";
import type { SessionState } from "../state/session-state.ts";

/** Runs the calls on one session object that reach the store one after another. */
export class CallQueue {
  readonly #state: SessionState;
  /** The newest call, done or not. */
  #last: Promise<unknown> | undefined;
  /** The updates that are under way or wait for their turn. */
  #updates = 0;
  /** Whether the function that `update()` was passed is running. */
  #isChanging = false;

  constructor(state: SessionState) {
    this.#state = state;
  }

  /**
   * Runs `call` when the calls before it are done, however they ended; the first one at once.
   *
   * @throws NOT_SUPPORTED for a callback, and inside `update()`; STORE_CLOSED once the manager is closed;
   * SESSION_CONFLICT if an `update()` before it does not come to an end, which may wait for this call.
   */
  run<Result>(method: string, argument: unknown, call: () => Promise<Result>): Promise<Result> {
    const { operations } = this.#state.env;
    try {
      this.#assertSupported(method, argument);
      operations.assertOpen();
    } catch (error) {
      return Promise.reject(error);
    }
    const result = this.#afterLast(call);
    // One that gives up waiting for an update does not let the next one in before its time.
    this.#last = this.#updates === 0 ? result : Promise.allSettled([this.#last, result]);
    operations.track(result);
    if (method === "update") this.#count(result);
    return result;
  }

  /** Runs the function that `update()` was passed: a call that it waits for must not wait for good. */
  async change(change: () => Promise<void>): Promise<void> {
    this.#isChanging = true;
    try {
      await change();
    } finally {
      this.#isChanging = false;
    }
  }

  #assertSupported(method: string, argument: unknown): void {
    const { env, identity, isInTransaction } = this.#state;
    if (typeof argument === "function") throw callbackRefused(`session.${method}`);
    if (isInTransaction || env.runningChanges.isRunning(identity.handle)) {
      throw new SessionError(
        "NOT_SUPPORTED",
        `${method}() cannot be called inside update(), which saves the session itself. Change the session that update() passes to your function.`,
      );
    }
  }

  #afterLast<Result>(call: () => Promise<Result>): Promise<Result> {
    if (this.#last === undefined) return call();
    if (this.#updates === 0) return this.#last.then(call, call);
    return this.#endOfUpdate(this.#last).then(call);
  }

  /** Resolves when the calls before are done; rejects if a change keeps them waiting too long. */
  #endOfUpdate(last: Promise<unknown>): Promise<void> {
    return new Promise((resolve, reject) => {
      // While the store takes its time, nobody waits for anybody in a circle.
      const timer = setInterval(() => {
        if (!this.#isChanging) return;
        clearInterval(timer);
        reject(updateHangs());
      }, TIME_LIMIT);
      void Promise.allSettled([last]).then(() => {
        clearInterval(timer);
        resolve();
      });
    });
  }

  #count(update: Promise<unknown>): void {
    this.#updates += 1;
    const done = () => {
      this.#updates -= 1;
    };
    update.then(done, done);
  }
}

function updateHangs(): SessionError {
  return new SessionError(
    "SESSION_CONFLICT",
    `The function of an update() of this session object has been running for ${TIME_LIMIT / 1000} seconds, and this call waited for it. Does that function wait for this very call? Inside update(), change the session that it is passed.`,
  );
}
