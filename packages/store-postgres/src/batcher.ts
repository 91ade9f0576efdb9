import timers from "node:timers";

/** How calls of one kind are sent together. */
export interface Shipping<Call, Answer> {
  /** One statement. Resolves to what finds the answer to each of the calls, or throws for one. */
  send(calls: readonly Call[]): Promise<(call: Call) => Answer>;
  /** Whether a rejection is the fault of one call of many, and nothing was done. */
  isOfOne(error: unknown): boolean;
  /** Characters that a call brings along; infinite where it cannot share a statement. */
  sizeOf(call: Call): number;
}

interface Waiting<Call, Answer> {
  readonly call: Call;
  readonly size: number;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/** What one statement carries at most. */
const MOST_CALLS = 128;
const MOST_TEXT = 128 * 1024;

/** What is larger goes alone: so few fill a statement that sharing it saves nothing. */
const LARGE = 32 * 1024;

// Taken here, so that a test which fakes timers later does not stop every call.
const { setImmediate } = timers;
const { nextTick } = process;

/**
 * Gathers the calls of one turn of the event loop and sends them at its end, also while those of
 * turns before are under way.
 */
export class Batcher<Call, Answer> {
  readonly #shipping: Shipping<Call, Answer>;
  #waiting: Waiting<Call, Answer>[] = [];
  #underWay = 0;

  constructor(shipping: Shipping<Call, Answer>) {
    this.#shipping = shipping;
  }

  add(call: Call): Promise<Answer> {
    return new Promise((resolve, reject) => {
      // Here, where a call that makes no sense rejects by itself.
      const size = this.#shipping.sizeOf(call);
      this.#waiting.push({ call, size, resolve, reject });
      if (this.#waiting.length > 1) return;
      // A server that has nothing to do is not kept waiting. One that has is sent what came of all
      // the sockets that had data in this turn.
      if (this.#underWay === 0) nextTick(() => this.#ship());
      else setImmediate(() => this.#ship());
    });
  }

  #ship(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    let batch: Waiting<Call, Answer>[] = [];
    let text = 0;
    for (const each of waiting) {
      if (each.size > LARGE) {
        void this.#send([each]);
        continue;
      }
      if (batch.length === MOST_CALLS || text + each.size > MOST_TEXT) {
        void this.#send(batch);
        batch = [];
        text = 0;
      }
      batch.push(each);
      text += each.size;
    }
    if (batch.length > 0) void this.#send(batch);
  }

  async #send(batch: readonly Waiting<Call, Answer>[]): Promise<void> {
    this.#underWay += 1;
    try {
      const answerTo = await this.#shipping.send(batch.map(({ call }) => call));
      for (const { call, resolve, reject } of batch) {
        try {
          resolve(answerTo(call));
        } catch (error) {
          reject(error);
        }
      }
    } catch (error) {
      if (batch.length > 1 && this.#shipping.isOfOne(error)) {
        await Promise.all(batch.map((each) => this.#send([each])));
      } else {
        for (const { reject } of batch) reject(error);
      }
    } finally {
      this.#underWay -= 1;
    }
  }
}
