import type { Store } from "../../src/contract/store.ts";
import { supports } from "../harness/capability.ts";
import type { Clock } from "../harness/clock.ts";
import { fight } from "../races/duels.ts";
import type { ProcessClock } from "./process-clock.ts";
import type { Opened, Request } from "./protocol.ts";

const OPTIONAL = ["touch", "list", "sweep", "close"] as const;

/** The stores of this process that the suite uses, by numbers. */
export class ServedStores {
  readonly #open: (address: string) => Store | Promise<Store>;
  readonly #processClock: ProcessClock;
  readonly #clock: Clock | "server" | undefined;
  readonly #stores = new Map<number, Store>();
  readonly #listings = new Map<number, ReturnType<typeof iteratorOf>>();
  #numbers = 0;

  constructor(
    open: (address: string) => Store | Promise<Store>,
    processClock: ProcessClock,
    clock: Clock | "server" | undefined,
  ) {
    this.#open = open;
    this.#processClock = processClock;
    this.#clock = clock;
  }

  /** Does what is asked for and resolves to the answer. `begun` says that a duel is about to begin. */
  async answer(request: Request, begun: () => Promise<void>): Promise<unknown> {
    switch (request.ask) {
      case "open":
        return this.#opened(await this.#open(request.address));
      case "load":
        return this.#store(request.store).load(request.handle);
      case "save":
        return save(this.#store(request.store), request);
      case "delete":
        return this.#store(request.store).delete(request.handle, request.revision);
      case "touch":
        return this.#store(request.store).touch?.(
          request.handle,
          request.expiresAt,
          request.revision,
        );
      case "list":
        return this.#startList(request.store, request.owner);
      case "next":
        return this.#listings.get(request.listing)?.next();
      case "leave":
        return this.#leave(request.listing);
      case "sweep":
        return this.#store(request.store).sweep?.();
      case "close":
        return this.#store(request.store).close?.();
      case "forget":
        return void this.#stores.delete(request.store);
      case "time":
        return this.#setTime(request.now, request.shift);
      case "duel":
        await begun();
        return fight(this.#store(request.store), request);
    }
  }

  #opened(store: Store): Opened {
    const number = this.#number();
    this.#stores.set(number, store);
    return {
      store: number,
      methods: OPTIONAL.filter((method) => supports(store, [method])),
      maxBytes: store.maxBytes,
      hasServerClock: this.#clock === "server",
    };
  }

  #store(number: number): Store {
    const store = this.#stores.get(number);
    if (store === undefined) throw new Error(`serveStore: there is no store ${number}.`);
    return store;
  }

  #startList(number: number, owner: string | undefined): number {
    const store = this.#store(number);
    const listing = this.#number();
    const entries = owner === undefined ? store.list?.() : store.list?.(owner);
    if (entries !== undefined) this.#listings.set(listing, iteratorOf(entries));
    return listing;
  }

  async #leave(listing: number): Promise<void> {
    const entries = this.#listings.get(listing);
    this.#listings.delete(listing);
    await entries?.return?.();
  }

  async #setTime(now: number | undefined, shift: number): Promise<void> {
    if (typeof this.#clock === "object" && now !== undefined) await this.#clock.set(now + shift);
    else this.#processClock.set(now, shift);
  }

  #number(): number {
    this.#numbers += 1;
    return this.#numbers;
  }
}

function iteratorOf(entries: ReturnType<NonNullable<Store["list"]>>) {
  return entries[Symbol.asyncIterator]();
}

/** Without options where none were given: a store may count its arguments. */
function save(store: Store, { handle, record, options }: Extract<Request, { ask: "save" }>) {
  return options === undefined ? store.save(handle, record) : store.save(handle, record, options);
}
