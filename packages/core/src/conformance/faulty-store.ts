import type { SessionRecord, Store } from "../contract/store.ts";
import { has } from "./clause.ts";
import type { Fault, InjectedFault, StoreMethod } from "./fault.ts";
import { Injection } from "./injection.ts";

/**
 * A store that fails when it is told to, around one that does not: to test how what is built on
 * sessions behaves when the database does not. It has the optional methods that the store has, and
 * without a fault it passes each call on as it is.
 */
export class FaultyStore<S extends Store = Store> implements Store {
  /** The store behind it. Calls to it meet no fault, as those of another process. */
  readonly store: S;
  declare readonly touch?: NonNullable<Store["touch"]>;
  declare readonly list?: NonNullable<Store["list"]>;
  declare readonly sweep?: NonNullable<Store["sweep"]>;
  declare readonly close?: NonNullable<Store["close"]>;
  #injections: Injection[] = [];

  constructor(store: S) {
    this.store = store;
    const inner: Store = store;
    if (has(inner, ["touch"])) {
      this.touch = (...call) => this.#call("touch", () => inner.touch(...call));
    }
    if (has(inner, ["list"])) {
      this.list = (...call) => {
        const injection = this.#met("list");
        return injection ? injection.strikeList(() => inner.list(...call)) : inner.list(...call);
      };
    }
    if (has(inner, ["sweep"])) this.sweep = () => this.#call("sweep", () => inner.sweep());
    if (has(inner, ["close"])) this.close = () => this.#call("close", () => inner.close());
  }

  load(key: string): Promise<SessionRecord | undefined> {
    return this.#call("load", () => this.store.load(key));
  }

  save(key: string, record: SessionRecord): Promise<boolean> {
    const injection = this.#met("save");
    if (!injection) return this.store.save(key, record);
    // The store may be asked later, and the record is its caller's.
    const copy = { ...record };
    return injection.strike("save", () => this.store.save(key, copy));
  }

  delete(...call: Parameters<Store["delete"]>): Promise<boolean> {
    return this.#call("delete", () => this.store.delete(...call));
  }

  /** Waits for the call that `fault` says and hits it. Throws `INVALID_OPTION` for one that makes no sense. */
  inject(fault: Fault): InjectedFault {
    const injection = new Injection(fault);
    this.#injections.push(injection);
    return injection;
  }

  /**
   * Heals every fault: none hits a call any more, and what they held back goes on. Resolves when the
   * store has answered that; never rejects.
   */
  async heal(): Promise<void> {
    await Promise.all(this.#injections.splice(0).map((injection) => injection.heal()));
  }

  #call<T>(method: StoreMethod, apply: () => Promise<T>): Promise<T> {
    const injection = this.#met(method);
    return injection ? injection.strike(method, apply) : apply();
  }

  /** The fault that hits this call, of several the one that was injected first. All count the call. */
  #met(method: StoreMethod): Injection | undefined {
    const [first] = this.#injections.filter((injection) => injection.meets(method));
    return first;
  }
}
