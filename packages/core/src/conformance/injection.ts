import type { SessionRecord, Store } from "../contract/store.ts";
import { checkFault, type Fault, type InjectedFault, type StoreMethod } from "./fault.ts";

type Listing = ReturnType<NonNullable<Store["list"]>>;

/** A fault at work: finds its calls and does to them what it is for. */
export class Injection implements InjectedFault {
  readonly firstHit: Promise<void>;
  readonly #fault: Fault;
  readonly #kind: string;
  readonly #place: string;
  readonly #healed: Promise<void>;
  /** What goes on when it is healed. */
  readonly #held: Promise<unknown>[] = [];
  #calls = 0;
  #hits = 0;
  #isHealed = false;
  #tellHit = () => {};
  #tellHealed = () => {};

  constructor(fault: Fault) {
    checkFault(fault);
    this.#fault = { ...fault };
    [this.#kind = "", this.#place = ""] = fault.effect.split("-");
    this.firstHit = new Promise((resolve) => {
      this.#tellHit = resolve;
    });
    this.#healed = new Promise((resolve) => {
      this.#tellHealed = resolve;
    });
  }

  get hits(): number {
    return this.#hits;
  }

  async heal(): Promise<void> {
    this.#isHealed = true;
    this.#tellHealed();
    await Promise.allSettled(this.#held);
  }

  /** Counts a call; whether it is one to hit. */
  meets(method: StoreMethod): boolean {
    const { method: only = method, call = 1, persistent = false } = this.#fault;
    if (this.#isHealed || only !== method) return false;
    this.#calls += 1;
    return persistent ? this.#calls >= call : this.#calls === call;
  }

  /** Hits a call; `apply` asks the store. */
  strike<T>(method: StoreMethod, apply: () => Promise<T>): Promise<T> {
    this.#hit();
    if (this.#place === "early") this.#held.push(this.#healed.then(apply));
    const answer = this.#answer(method, apply);
    if (this.#kind === "hang") this.#held.push(answer);
    return answer;
  }

  /** Hits a listing. */
  strikeList(list: () => Listing): Listing {
    this.#hit();
    return this.#entries(list);
  }

  #hit(): void {
    this.#hits += 1;
    this.#tellHit();
  }

  async *#entries(list: () => Listing): AsyncGenerator<readonly [string, SessionRecord]> {
    const atEnd = this.#place === "after" ? Number.POSITIVE_INFINITY : 0;
    let left = this.#fault.entries ?? atEnd;
    if (left === 0) await this.#act("list");
    for await (const [key, record] of list()) {
      yield [key, record];
      if (this.#kind === "duplicate") yield [key, { ...record }];
      left -= 1;
      if (left === 0) await this.#act("list");
    }
    if (left > 0) await this.#act("list");
  }

  async #answer<T>(method: StoreMethod, apply: () => Promise<T>): Promise<T> {
    if (this.#place !== "after") await this.#act(method);
    const first = await apply();
    const second = this.#kind === "duplicate" ? await apply() : first;
    if (this.#place === "after") await this.#act(method);
    return this.#place === "second" ? second : first;
  }

  async #act(method: StoreMethod): Promise<void> {
    const { effect, delay = 10 } = this.#fault;
    if (this.#kind === "hang") await this.#healed;
    if (this.#kind === "delay") await new Promise((resolve) => setTimeout(resolve, delay));
    if (this.#kind !== "reject") return;
    throw "error" in this.#fault
      ? this.#fault.error
      : new Error(`An injected fault: ${effect} of ${method}().`);
  }
}
