import { liesApart } from "./engine-errors.ts";
import type { Turn } from "./turn.ts";

/** How calls of one kind are sent. */
export interface Shipping<Call> {
  /** One call, as the one command that it is. */
  one(call: Call): Promise<unknown>;
  /**
   * Many as one command, carried out in their order: an answer to each, which is an `Error` where the
   * call is to be rejected, and a promise where it is still to come.
   */
  many(calls: readonly Call[]): Promise<readonly unknown[]>;
  /** Characters that a call brings along. */
  sizeOf(call: Call): number;
}

interface Waiting<Call> {
  readonly call: Call;
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * What one command carries at most, in calls and in characters of what they bring along: few enough not
 * to hold up the server. A call that alone brings more goes by itself.
 */
const MOST_CALLS = 128;
const MOST_TEXT = 64 * 1024;

/**
 * Gathers the calls of one turn of the event loop and sends them together, in the order in which they
 * were made. Where the keys may lie on many servers each goes by itself, at once.
 */
export class Batcher<Call> {
  readonly #turn: Turn;
  readonly #shipping: Shipping<Call>;
  #isSharded: boolean;
  #waiting: Waiting<Call>[] = [];

  constructor(turn: Turn, shipping: Shipping<Call>, isSharded: boolean) {
    this.#turn = turn;
    this.#shipping = shipping;
    this.#isSharded = isSharded;
    turn.join(() => this.#ship());
  }

  add(call: Call): Promise<unknown> {
    if (this.#isSharded && this.#waiting.length === 0) return this.#shipping.one(call);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ call, resolve, reject });
      this.#turn.end();
    });
  }

  #ship(): void {
    let batch: Waiting<Call>[] = [];
    let text = 0;
    for (const each of this.#waiting.splice(0)) {
      const size = this.#shipping.sizeOf(each.call);
      if (batch.length === MOST_CALLS || text + size > MOST_TEXT) {
        this.#send(batch);
        batch = [];
        text = 0;
      }
      batch.push(each);
      text += size;
    }
    this.#send(batch);
  }

  #send(batch: readonly Waiting<Call>[]): void {
    if (batch.length > 1 && !this.#isSharded) this.#sendAll(batch);
    else for (const each of batch) this.#sendOne(each);
  }

  #sendOne({ call, resolve, reject }: Waiting<Call>): void {
    this.#turn.during(this.#shipping.one(call), resolve, reject);
  }

  #sendAll(batch: readonly Waiting<Call>[]): void {
    const answered = (answers: readonly unknown[]) => {
      for (const [index, { resolve, reject }] of batch.entries()) {
        const answer = answers[index];
        if (answer instanceof Error) reject(answer);
        else resolve(answer);
      }
    };
    const failed = (error: unknown) => {
      // A proxy before a cluster says so before anything is done.
      if (liesApart(error)) {
        this.#isSharded = true;
        this.#send(batch);
      } else {
        for (const { reject } of batch) reject(error);
      }
    };
    this.#turn.during(this.#shipping.many(batch.map(({ call }) => call)), answered, failed);
  }
}
