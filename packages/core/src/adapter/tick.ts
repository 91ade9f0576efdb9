import timers from "node:timers";

// Taken at import, so that a test that fakes timers later does not stop every store.
const { setImmediate } = timers;
const { nextTick } = process;

/**
 * Ends the tick: sends what was asked for in one turn of the event loop. While nothing is under way it
 * sends right after the current code, so that an idle server does not wait. While something is under way
 * it sends after the poll phase, so that what the data of all sockets led to goes out together.
 */
export class Tick {
  readonly #senders: (() => void)[] = [];
  #isEnding = false;
  #underWay = 0;

  /** `send` is called at the end of each tick in which something waits, in the order of joining. */
  join(send: () => void): void {
    this.#senders.push(send);
  }

  /** Tells that something waits to be sent. */
  request(): void {
    if (this.#isEnding) return;
    this.#isEnding = true;
    const end = () => {
      this.#isEnding = false;
      for (const send of this.#senders) send();
    };
    if (this.#underWay === 0) nextTick(end);
    else setImmediate(end);
  }

  /** Counts `task` as under way until it settles. */
  async during<Result>(task: () => Promise<Result>): Promise<Result> {
    this.#underWay += 1;
    try {
      return await task();
    } finally {
      this.#underWay -= 1;
    }
  }
}
