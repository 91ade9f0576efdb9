import timers from "node:timers";

// Taken here, so that a test which fakes timers later does not stop every call.
const { setImmediate } = timers;
const { nextTick } = process;

/**
 * The end of a turn of the event loop, when all that was asked for in it is sent. While nothing is under
 * way that is the next tick, so that a server with nothing to do is not kept waiting. While something is,
 * it is the end of the poll phase: what the data of all sockets led to goes together.
 */
export class Turn {
  readonly #senders: (() => void)[] = [];
  #isEnding = false;
  #underWay = 0;

  /** `send` is called at the end of each turn in which something waits; who joined first, first. */
  join(send: () => void): void {
    this.#senders.push(send);
  }

  /** Something waits. */
  end(): void {
    if (this.#isEnding) return;
    this.#isEnding = true;
    if (this.#underWay === 0) nextTick(() => this.#send());
    else setImmediate(() => this.#send());
  }

  /** `task` is under way until it settles; then one of the two is called. */
  during<Answer>(
    task: Promise<Answer>,
    answered: (answer: Answer) => void,
    failed: (error: unknown) => void,
  ): void {
    this.#underWay += 1;
    task.then(
      (answer) => {
        this.#underWay -= 1;
        answered(answer);
      },
      (error: unknown) => {
        this.#underWay -= 1;
        failed(error);
      },
    );
  }

  #send(): void {
    this.#isEnding = false;
    for (const send of this.#senders) send();
  }
}
