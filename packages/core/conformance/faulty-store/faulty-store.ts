import type { SaveOptions, SessionRecord, Store } from "../../src/contract/store.ts";
import { supports } from "../harness/capability.ts";
import type { Fault, InjectedFault, StoreMethod } from "./fault.ts";
import { Injection } from "./injection.ts";

/**
 * Wraps a store and makes its calls fail on demand, to test how code behaves when the database does not
 * answer. It has the same optional methods, and the same `maxBytes`, as that store. Calls that no fault hits are passed on as they
 * are.
 */
export class FaultyStore<S extends Store = Store> implements Store {
  /** The wrapped store. Calls made to it directly meet no fault, like those of another process. */
  readonly store: S;
  declare readonly touch?: NonNullable<Store["touch"]>;
  declare readonly list?: NonNullable<Store["list"]>;
  declare readonly sweep?: NonNullable<Store["sweep"]>;
  declare readonly close?: NonNullable<Store["close"]>;
  declare readonly maxBytes?: number;
  #injections: Injection[] = [];

  constructor(store: S) {
    this.store = store;
    const inner: Store = store;
    if (inner.maxBytes !== undefined) this.maxBytes = inner.maxBytes;
    if (supports(inner, ["touch"])) {
      this.touch = (...call) => this.#call("touch", () => inner.touch(...call));
    }
    if (supports(inner, ["list"])) {
      this.list = (...call) => {
        const injection = this.#next("list");
        return injection ? injection.strikeList(() => inner.list(...call)) : inner.list(...call);
      };
    }
    if (supports(inner, ["sweep"])) this.sweep = () => this.#call("sweep", () => inner.sweep());
    if (supports(inner, ["close"])) this.close = () => this.#call("close", () => inner.close());
  }

  load(handle: string): Promise<SessionRecord | undefined> {
    return this.#call("load", () => this.store.load(handle));
  }

  save(handle: string, record: SessionRecord, options?: SaveOptions): Promise<boolean> {
    const injection = this.#next("save");
    if (!injection) return this.store.save(handle, record, options);
    // The store may be asked later, when the caller has already changed the record.
    const copy = { ...record };
    return injection.strike("save", () => this.store.save(handle, copy, options));
  }

  delete(...call: Parameters<Store["delete"]>): Promise<boolean> {
    return this.#call("delete", () => this.store.delete(...call));
  }

  /**
   * Injects a fault: it hits the call that its options describe.
   *
   * @throws INVALID_OPTION if the fault makes no sense.
   */
  inject(fault: Fault): InjectedFault {
    const injection = new Injection(fault);
    this.#injections.push(injection);
    return injection;
  }

  /**
   * Heals and removes every fault, and lets the calls that they hold back go on. Resolves when the store
   * has answered those; never rejects.
   */
  async heal(): Promise<void> {
    await Promise.all(this.#injections.splice(0).map((injection) => injection.heal()));
  }

  #call<T>(method: StoreMethod, apply: () => Promise<T>): Promise<T> {
    const injection = this.#next(method);
    return injection ? injection.strike(method, apply) : apply();
  }

  /**
   * Counts a call for every fault. If several hit it, the one that was injected first does its work and the
   * others pass this call by.
   */
  #next(method: StoreMethod): Injection | undefined {
    const [first] = this.#injections.filter((injection) => injection.meets(method));
    return first;
  }
}
