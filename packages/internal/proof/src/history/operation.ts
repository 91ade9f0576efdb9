/** A call as it was seen from outside. Times are counted, not measured: no two are the same. */
export interface Operation<Call, Answer> {
  readonly call: Call;
  readonly start: number;
  /** Infinity where it ended without an answer: it may take effect at any time, or never. */
  readonly end: number;
  /** Undefined where nobody knows it. */
  readonly answer: { readonly is: Answer } | undefined;
}

/** What calls would do one after another. States are never changed in place. */
export interface Specification<State, Call, Answer> {
  readonly initial: State;
  /** The state after `call`, the same object where nothing changed, and what it answers. */
  apply(state: State, call: Call): { readonly next: State; readonly answer: Answer };
  /** Equal for states that behave alike, and only for those. */
  keyOf(state: State): string;
  /** Whether `call` changes nothing wherever it gives `answer`. */
  isRead(call: Call, answer: Answer): boolean;
}

/** Notes calls with their start and end, as they happen. */
export class Recorder<Call, Answer> {
  readonly operations: Operation<Call, Answer>[] = [];
  #time = 0;

  /** Runs `task`. Where it rejects, its answer is unknown. */
  async record(
    call: Call,
    task: () => Promise<Answer>,
    start = this.#next(),
  ): Promise<Answer | undefined> {
    try {
      const is = await task();
      this.operations.push({ call, start, end: this.#next(), answer: { is } });
      return is;
    } catch {
      this.operations.push({ call, start, end: Number.POSITIVE_INFINITY, answer: undefined });
      return undefined;
    }
  }

  /** Takes back that this was called, and tells when. */
  omit(call: Call): number | undefined {
    const at = this.operations.findIndex((operation) => operation.call === call);
    return this.operations.splice(at, 1)[0]?.start;
  }

  #next(): number {
    this.#time += 1;
    return this.#time;
  }
}

/** How much is asked at once. */
export interface Load {
  readonly lanes: number;
  /** How many records or sessions all lanes share. */
  readonly targets: number;
  /** How many calls each lane makes. */
  readonly calls: number;
}
