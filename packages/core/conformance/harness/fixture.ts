import type { SessionRecord, Store } from "../../src/contract/store.ts";
import { RemoteStore } from "../process/remote-store.ts";
import type { StoreTime } from "./clock.ts";

/** A store made by `createStore()`, and what the other options can do with it. */
export interface StoreUnderTest {
  readonly store: Store;
  /** Opens a second store on the same data. */
  connect(): Promise<Store>;
  /** Makes the stored record unreadable. */
  damage(handle: string): Promise<void>;
  /** Makes the engine fail. Resolves to what mends it, if that is possible. */
  fail(): Promise<Mend | undefined>;
  /** Opens a store on the data of this one, which has been closed. */
  reopen(): Promise<Store>;
}

/** Lets an engine work again that was made to fail. */
export type Mend = () => void | Promise<void>;

const HOUR = 3_600_000;

const SAVES_AT_ONCE = 100;

/** What one case works with: its stores, handles and records. */
export class Fixture {
  readonly time: StoreTime;
  readonly #create: () => Promise<StoreUnderTest>;
  readonly #opened: Store[] = [];
  #first: StoreUnderTest | undefined;
  #records = 0;
  #isFailing = false;

  constructor(create: () => Promise<StoreUnderTest>, time: StoreTime) {
    this.#create = create;
    this.time = time;
  }

  /** Opens a store with data of its own. */
  async open(): Promise<Store> {
    const created = await this.#create();
    this.#first ??= created;
    return this.#closeLater(created.store);
  }

  /** Opens another store on the data of the first one. */
  async connect(): Promise<Store> {
    return this.adopt(await this.#firstStore.connect());
  }

  /** Closes `store` after the case. If it is in another process, its clock goes with ours. */
  async adopt<S extends Store>(store: S): Promise<S> {
    this.#closeLater(store);
    if (store instanceof RemoteStore && !store.hasServerClock) await this.time.follow(store);
    return store;
  }

  /** Makes the engine of the first store fail. Resolves to what mends it, if that is possible. */
  fail(): Promise<Mend | undefined> {
    this.#isFailing = true;
    return this.#firstStore.fail();
  }

  /** Closes the first store and opens another one on its data. */
  async reopen(): Promise<Store> {
    await this.#firstStore.store.close?.();
    return this.#closeLater(await this.#firstStore.reopen());
  }

  /** Makes a record of the first store unreadable. */
  damage(handle: string): Promise<void> {
    return this.#firstStore.damage(handle);
  }

  /** A random handle. */
  handle(): string {
    const bytes = crypto.getRandomValues(new Uint8Array(32));
    const text = btoa(String.fromCharCode(...bytes));
    return `~${text.replaceAll("+", "-").replaceAll("/", "_").replace("=", "")}`;
  }

  handles(count: number): string[] {
    return Array.from({ length: count }, () => this.handle());
  }

  /** The record of a first save. It lives for an hour, and no two have the same data. */
  record(fields: Partial<SessionRecord> = {}): SessionRecord {
    this.#records += 1;
    const now = this.time.now();
    const data = `record ${this.#records}`;
    return { revision: 1, createdAt: now, expiresAt: now + HOUR, data, ...fields };
  }

  /** The record of the save after `record`: the next revision, with other data. */
  next(record: SessionRecord, fields: Partial<SessionRecord> = {}): SessionRecord {
    const { data } = this.record();
    return { ...record, revision: record.revision + 1, data, ...fields };
  }

  /** The record of a first save that expires soon. */
  shortLived(fields: Partial<SessionRecord> = {}): SessionRecord {
    return this.record({ expiresAt: this.time.now() + this.time.shortLife, ...fields });
  }

  /** Saves `count` new sessions and returns them by handle, in the order of saving. */
  async saveMany(
    store: Store,
    count: number,
    fields: (index: number) => Partial<SessionRecord> = () => ({}),
  ): Promise<Map<string, SessionRecord>> {
    const entries = Array.from(
      { length: count },
      (_, index) => [this.handle(), this.record(fields(index))] as const,
    );
    for (let from = 0; from < count; from += SAVES_AT_ONCE) {
      const batch = entries.slice(from, from + SAVES_AT_ONCE);
      await Promise.all(batch.map(([handle, record]) => store.save(handle, record)));
    }
    return new Map(entries);
  }

  /** Closes all stores, the last one first: a connection goes before the store it was made from. */
  async close(): Promise<void> {
    for (const store of this.#opened.splice(0).reverse()) {
      await this.#close(store);
      if (store instanceof RemoteStore) {
        this.time.unfollow(store);
        await store.release();
      }
    }
  }

  /** Whether closing succeeds where the engine was made to fail is no question of the contract. */
  async #close(store: Store): Promise<void> {
    await store.close?.().catch((error: unknown) => {
      if (!this.#isFailing) throw error;
    });
  }

  get #firstStore(): StoreUnderTest {
    if (this.#first === undefined) throw new Error("No store has been opened yet.");
    return this.#first;
  }

  #closeLater<S extends Store>(store: S): S {
    this.#opened.push(store);
    return store;
  }
}
