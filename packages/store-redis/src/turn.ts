// Taken here, so that a test which fakes timers later does not stop every call.
const { setImmediate } = globalThis;
const { nextTick } = process;

/**
 * The end of a turn of the event loop, when all that was asked for in it is sent. A server that has
 * nothing to do is not kept waiting: the turn ends with its microtasks. One that has is sent what came
 * of all the sockets that had data.
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

  /** Until it is known what came of `task` the server has something to do. */
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
