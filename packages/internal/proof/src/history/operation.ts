/** One call as it was seen from outside. Times are counted, not measured: none is there twice. */
export interface Operation<Call, Answer> {
  readonly call: Call;
  readonly start: number;
  /** Infinity where it did not end with an answer: it may take effect at any time, or never. */
  readonly end: number;
  /** Undefined in a box that is absent means that nobody knows. */
  readonly answer: { readonly is: Answer } | undefined;
}

/** What the calls would do one after another. States are never changed in place. */
export interface Specification<State, Call, Answer> {
  readonly initial: State;
  /** The state after `call`, the same one where nothing changed, and what it answers there. */
  apply(state: State, call: Call): { readonly next: State; readonly answer: Answer };
  /** Equal for states that behave alike, and for no others. */
  keyOf(state: State): string;
  /** Whether `call`, wherever it gives `answer`, changes nothing. */
  isRead(call: Call, answer: Answer): boolean;
}

/** Writes down calls with their start and end, as they happen. */
export class Recorder<Call, Answer> {
  readonly operations: Operation<Call, Answer>[] = [];
  #time = 0;

  /** Runs `task`; where it rejects, what came of it counts as unknown. */
  async record(call: Call, task: () => Promise<Answer>): Promise<Answer | undefined> {
    const start = this.#next();
    try {
      const is = await task();
      this.operations.push({ call, start, end: this.#next(), answer: { is } });
      return is;
    } catch {
      this.operations.push({ call, start, end: Number.POSITIVE_INFINITY, answer: undefined });
      return undefined;
    }
  }

  #next(): number {
    this.#time += 1;
    return this.#time;
  }
}
