import { SessionError } from "../contract/errors.ts";
import { TIME_LIMIT } from "../policy/time-limit.ts";
import type { SessionState } from "../state/session-state.ts";

/** Runs the calls on one session object that reach the store one after another. */
export class CallQueue {
  readonly #state: SessionState;
  /** The newest call, done or not. */
  #last: Promise<unknown> | undefined;
  /** The updates that are under way or wait for their turn. */
  #updates = 0;

  constructor(state: SessionState) {
    this.#state = state;
  }

  /**
   * Runs `call` when the calls before it are done, however they ended; the first one at once.
   *
   * @throws NOT_SUPPORTED for a callback, and inside `update()`; STORE_CLOSED once the manager is closed.
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
    this.#last = result;
    operations.track(result);
    if (method === "update") this.#count(result);
    return result;
  }

  #assertSupported(method: string, argument: unknown): void {
    const { env, identity, isInTransaction } = this.#state;
    if (typeof argument === "function") {
      throw new SessionError(
        "NOT_SUPPORTED",
        `${method}() takes no callback: it returns a promise. Write "await session.${method}()".`,
      );
    }
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

  /** Resolves when the calls before are done; rejects if that takes longer than a call may. */
  #endOfUpdate(last: Promise<unknown>): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(updateHangs()), TIME_LIMIT);
      void Promise.allSettled([last]).then(() => {
        clearTimeout(timer);
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
    `An update() of this session object has been running for ${TIME_LIMIT / 1000} seconds, and this call waited for it. Does its function wait for this very call? Inside update(), change the session that it is passed.`,
  );
}
