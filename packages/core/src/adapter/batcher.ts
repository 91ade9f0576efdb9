import { Tick } from "./tick.ts";

/** How calls are sent together. */
export interface BatcherOptions<Call, Answer> {
  /**
   * Sends calls in their order and resolves to an answer for each. An `Error` in place of an answer
   * rejects that call alone.
   */
  send(calls: readonly Call[]): Promise<readonly (Answer | Error)[]>;
  /** Characters that a call carries; infinite if it must not share a batch. @default 0 for each */
  sizeOf?(call: Call): number;
  /**
   * Whether a rejection of `send` may be one call's fault, nothing having been done: then the batch is
   * halved, and each half sent by itself. @default never
   */
  mayBeOfOneCall?(error: unknown): boolean;
  /** Shared by batchers whose calls go out in the order of joining. @default a tick of its own */
  readonly tick?: Tick;
  /** Calls in a batch at most. @default 128 */
  readonly maxCalls?: number;
  /** Characters in a batch at most. A call that carries more goes alone. @default 128 Ki */
  readonly maxSize?: number;
  /** A call that carries more characters goes alone. @default maxSize */
  readonly aloneAbove?: number;
}

interface Waiting<Call, Answer> {
  readonly call: Call;
  readonly size: number;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

const MAX_CALLS = 128;
const MAX_SIZE = 128 * 1024;

/**
 * Gathers the calls of one tick and sends them together when it ends, even while those of earlier ticks
 * are still under way.
 */
export class Batcher<Call, Answer> {
  readonly #options: BatcherOptions<Call, Answer>;
  readonly #tick: Tick;
  #waiting: Waiting<Call, Answer>[] = [];

  constructor(options: BatcherOptions<Call, Answer>) {
    this.#options = options;
    this.#tick = options.tick ?? new Tick();
    this.#tick.join(() => this.#sendAll());
  }

  /** Resolves to the answer to `call`. */
  add(call: Call): Promise<Answer> {
    return new Promise((resolve, reject) => {
      // Measured here, where a call that cannot be measured rejects by itself.
      const size = this.#options.sizeOf?.(call) ?? 0;
      this.#waiting.push({ call, size, resolve, reject });
      this.#tick.request();
    });
  }

  #sendAll(): void {
    const { maxCalls = MAX_CALLS, maxSize = MAX_SIZE } = this.#options;
    const { aloneAbove = maxSize } = this.#options;
    const batch: Waiting<Call, Answer>[] = [];
    let batchSize = 0;
    for (const each of this.#waiting.splice(0)) {
      const { size } = each;
      if (size > aloneAbove) {
        // Earlier calls go first.
        this.#send(batch.splice(0));
        batchSize = 0;
        this.#send([each]);
        continue;
      }
      if (batch.length === maxCalls || batchSize + size > maxSize) {
        this.#send(batch.splice(0));
        batchSize = 0;
      }
      batch.push(each);
      batchSize += size;
    }
    this.#send(batch);
  }

  #send(batch: readonly Waiting<Call, Answer>[]): void {
    if (batch.length > 0) void this.#settle(batch);
  }

  /** Never rejects: each call gets its answer or its error. */
  async #settle(batch: readonly Waiting<Call, Answer>[]): Promise<void> {
    let answers: readonly (Answer | Error)[];
    try {
      const calls = batch.map(({ call }) => call);
      // No longer under way when the answers are given: what they lead to need not wait.
      answers = await this.#tick.during(() => this.#options.send(calls));
    } catch (error) {
      if (batch.length > 1 && this.#options.mayBeOfOneCall?.(error)) {
        const middle = Math.ceil(batch.length / 2);
        await this.#settle(batch.slice(0, middle));
        await this.#settle(batch.slice(middle));
      } else {
        for (const { reject } of batch) reject(error);
      }
      return;
    }
    for (const [index, answer] of answers.entries()) {
      if (answer instanceof Error) batch[index]?.reject(answer);
      else batch[index]?.resolve(answer);
    }
    for (const { reject } of batch.slice(answers.length)) {
      reject(new Error("The batch came back without an answer to this call."));
    }
  }
}
