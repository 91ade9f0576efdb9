import { sessionConflict } from "../contract/errors.ts";
import { TIME_LIMIT } from "../policy/time-limit.ts";

/**
 * Has the updates of one session take turns, in the order in which they came: within one manager they
 * need no second attempt.
 */
export class UpdateTurns {
  /** By handle: the newest turn. */
  readonly #newest = new Map<string, UpdateTurn>();

  /**
   * Runs `update` when the earlier ones of this session are done.
   *
   * @throws what `update` throws; SESSION_CONFLICT if its turn does not come within the time that a call
   * may take.
   */
  async run<Result>(
    handle: string,
    update: (turn: UpdateTurn) => Promise<Result>,
  ): Promise<Result> {
    const before = this.#newest.get(handle);
    const turn = new UpdateTurn();
    this.#newest.set(handle, turn);
    void turn.isOver.then(() => {
      if (this.#newest.get(handle) === turn) this.#newest.delete(handle);
    });
    try {
      if (before !== undefined) await endOf(before);
    } catch (error) {
      // An update that gives up waiting must not let the next one in early.
      turn.endWith(before?.isOver);
      throw error;
    }
    try {
      return await update(turn);
    } finally {
      turn.endWith();
    }
  }
}

/** The turn of one update. */
export class UpdateTurn {
  /** Resolves when the next update may begin. */
  readonly isOver: Promise<void>;
  #end: (before?: Promise<void>) => void = () => {};
  #isChanging = false;

  constructor() {
    this.isOver = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  /** Whether the caller's function is running, and nobody waits for the store. */
  get isChanging(): boolean {
    return this.#isChanging;
  }

  /** The next update may begin, or may as soon as `before` is over. */
  endWith(before?: Promise<void>): void {
    this.#end(before);
  }

  /**
   * Runs `change`. If that takes longer than a call may, the next update is let in: what the store takes
   * does not count.
   */
  async during(change: () => void | Promise<void>): Promise<void> {
    const running = change();
    if (running === undefined) return;
    const timer = setTimeout(() => this.endWith(), TIME_LIMIT);
    this.#isChanging = true;
    try {
      await running;
    } finally {
      this.#isChanging = false;
      clearTimeout(timer);
    }
  }
}

/**
 * Resolves when `turn` is over, or when the caller's function has kept the next one waiting for as long as
 * a call may take; rejects if it was the store that did.
 */
function endOf(turn: UpdateTurn): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      if (turn.isChanging) resolve();
      else reject(sessionConflict("Other updates of this session took all the time."));
    }, TIME_LIMIT);
    void turn.isOver.then(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
