import { after, type LaneState, maybeAfter } from "./lane-state.ts";
import type { Operation, Outcome } from "./operation.ts";

const ENDS = new Set<Operation["kind"]>(["destroy", "revoke", "regenerate"]);

/** What one lane did, and each state that it was in. */
export class History {
  /** The state at first, and after each operation that was acknowledged. */
  readonly states: LaneState[];
  readonly #ids: Set<string>;
  readonly operations: Operation[] = [];
  readonly #ended = new Set<string>();
  #underWay: Operation | undefined;

  constructor(base: LaneState) {
    this.states = [base];
    this.#ids = new Set(base.live.keys());
  }

  get acknowledged(): number {
    return this.operations.length;
  }

  /** Each id that a session of this lane ever had. */
  get ids(): Iterable<string> {
    return this.#ids;
  }

  /** What is under way, if anything is. */
  get underWay(): Operation | undefined {
    return this.#underWay;
  }

  begin(operation: Operation): void {
    this.#underWay = operation;
    this.#ids.add(operation.id);
  }

  done(outcome: Outcome): void {
    const operation = this.#underWay;
    if (operation === undefined) throw new Error("nothing was under way");
    const state = this.newest;
    if (operation.kind === "take") mustBeWhatWasQueued(state, operation, outcome);
    this.states.push(after(state, operation, outcome));
    this.operations.push(operation);
    if (outcome.id !== undefined) this.#ids.add(outcome.id);
    if (ENDS.has(operation.kind)) this.#ended.add(operation.id);
    this.#underWay = undefined;
  }

  /** The state after all that was acknowledged. */
  get newest(): LaneState {
    const state = this.states.at(-1);
    if (state === undefined) throw new Error("no state");
    return state;
  }

  /** What the operation under way may have made of that. */
  get beyond(): LaneState[] {
    return this.#underWay ? maybeAfter(this.newest, this.#underWay) : [];
  }

  /** Whether the end of the session with this id was acknowledged. */
  hasEnded(id: string): boolean {
    return this.#ended.has(id);
  }
}

/** A message that was read came back, or one that was queued was not handed out. */
function mustBeWhatWasQueued(state: LaneState, { id }: Operation, { messages }: Outcome): void {
  const queued = state.live.get(id)?.messages;
  if (JSON.stringify(messages) === JSON.stringify(queued)) return;
  throw new Error(`taken: ${JSON.stringify(messages)}, queued: ${JSON.stringify(queued)}`);
}
