import type { SessionRecord, Store } from "../../src/contract/store.ts";
import { EFFECTS, type Effect } from "./effect.ts";
import { checkFault, type Fault, type InjectedFault, type StoreMethod } from "./fault.ts";

type Listing = ReturnType<NonNullable<Store["list"]>>;

const DEFAULT_DELAY_MS = 10;

/** An injected fault at work: it counts calls and acts on those that it hits. */
export class Injection implements InjectedFault {
  readonly firstHit: Promise<void>;
  readonly #fault: Fault;
  readonly #effect: Effect;
  readonly #healed: Promise<void>;
  /** Calls that go on when the fault is healed. */
  readonly #held: Promise<unknown>[] = [];
  #calls = 0;
  #hits = 0;
  #isHealed = false;
  #resolveFirstHit = () => {};
  #resolveHealed = () => {};

  constructor(fault: Fault) {
    checkFault(fault);
    this.#fault = { ...fault };
    this.#effect = EFFECTS[fault.effect];
    this.firstHit = new Promise((resolve) => {
      this.#resolveFirstHit = resolve;
    });
    this.#healed = new Promise((resolve) => {
      this.#resolveHealed = resolve;
    });
  }

  get hits(): number {
    return this.#hits;
  }

  async heal(): Promise<void> {
    this.#isHealed = true;
    this.#resolveHealed();
    await Promise.allSettled(this.#held);
  }

  /** Counts a call. Returns whether the fault hits it. */
  meets(method: StoreMethod): boolean {
    const { method: only = method, call = 1, persistent = false } = this.#fault;
    if (this.#isHealed || only !== method) return false;
    this.#calls += 1;
    return persistent ? this.#calls >= call : this.#calls === call;
  }

  /** Hits a call; `apply` asks the store to carry it out. */
  strike<T>(method: StoreMethod, apply: () => Promise<T>): Promise<T> {
    this.#hit();
    if (this.#effect.late) this.#held.push(this.#healed.then(apply));
    const answer = this.#answer(method, apply);
    if (this.#effect.action === "hang") this.#held.push(answer);
    return answer;
  }

  /** Hits a listing; `list` starts the store's. */
  strikeList(list: () => Listing): Listing {
    this.#hit();
    return this.#entries(list);
  }

  #hit(): void {
    this.#hits += 1;
    this.#resolveFirstHit();
  }

  async #answer<T>(method: StoreMethod, apply: () => Promise<T>): Promise<T> {
    const { action, moment, secondAnswer } = this.#effect;
    if (moment === "before") await this.#act(method);
    const first = await apply();
    const second = action === "duplicate" ? await apply() : first;
    if (moment === "after") await this.#act(method);
    return secondAnswer ? second : first;
  }

  async *#entries(list: () => Listing): AsyncGenerator<readonly [string, SessionRecord]> {
    const { action, moment } = this.#effect;
    const atEnd = Number.POSITIVE_INFINITY;
    let left = this.#fault.entries ?? (moment === "before" ? 0 : atEnd);
    if (left === 0) await this.#act("list");
    for await (const [handle, record] of list()) {
      yield [handle, record];
      if (action === "duplicate") yield [handle, { ...record }];
      left -= 1;
      if (left === 0) await this.#act("list");
    }
    // The listing was shorter than `entries`, or the fault comes at its end.
    if (left > 0) await this.#act("list");
  }

  async #act(method: StoreMethod): Promise<void> {
    const { action } = this.#effect;
    const { effect, delay = DEFAULT_DELAY_MS } = this.#fault;
    if (action === "hang") await this.#healed;
    if (action === "delay") await new Promise((resolve) => setTimeout(resolve, delay));
    if (action === "reject") {
      // An error of undefined is an error too.
      throw "error" in this.#fault
        ? this.#fault.error
        : new Error(`An injected fault: ${effect} of ${method}().`);
    }
  }
}
