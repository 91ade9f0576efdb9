import type { SessionRecord, Store } from "../contract/store.ts";
import type { Time } from "./time.ts";

/** A store of the factory, with what its author offers to do to it. */
export interface Specimen {
  readonly store: Store;
  /** A second store on the same data. */
  connect(): Promise<Store>;
  /** Spoils what is stored under `key`. */
  damage(key: string): Promise<void>;
}

const HOUR = 3_600_000;

/** The place of one case: opens its stores, makes its keys and records, closes what it opened. */
export class Lab {
  readonly time: Time;
  readonly #create: () => Promise<Specimen>;
  readonly #opened: Store[] = [];
  #first: Specimen | undefined;
  #records = 0;

  constructor(create: () => Promise<Specimen>, time: Time) {
    this.#create = create;
    this.time = time;
  }

  /** One more store of the factory. */
  async open(): Promise<Store> {
    const specimen = await this.#create();
    this.#first ??= specimen;
    return this.#keep(specimen.store);
  }

  /** One more store on the data of the first. */
  async connect(): Promise<Store> {
    return this.#keep(await this.#specimen.connect());
  }

  /** Spoils a record of the first store. */
  damage(key: string): Promise<void> {
    return this.#specimen.damage(key);
  }

  /** A handle that no other session has. */
  key(): string {
    const bytes = crypto.getRandomValues(new Uint8Array(32));
    const text = btoa(String.fromCharCode(...bytes));
    return `~${text.replaceAll("+", "-").replaceAll("/", "_").replace("=", "")}`;
  }

  keys(count: number): string[] {
    return Array.from({ length: count }, () => this.key());
  }

  /** A first save as core would issue it, with data of its own. */
  record(fields: Partial<SessionRecord> = {}): SessionRecord {
    this.#records += 1;
    const now = this.time.now();
    const data = `record ${this.#records}`;
    return { revision: 1, createdAt: now, expiresAt: now + HOUR, data, ...fields };
  }

  /** The save that follows `record`: the next revision, with data of its own. */
  next(record: SessionRecord, fields: Partial<SessionRecord> = {}): SessionRecord {
    const { data } = this.record();
    return { ...record, revision: record.revision + 1, data, ...fields };
  }

  /** A record whose life is over soon. */
  brief(fields: Partial<SessionRecord> = {}): SessionRecord {
    return this.record({ expiresAt: this.time.now() + this.time.brief, ...fields });
  }

  /** Closes in reverse: a connection before what it was made from. */
  async close(): Promise<void> {
    for (const store of this.#opened.splice(0).reverse()) await store.close?.();
  }

  get #specimen(): Specimen {
    if (this.#first === undefined) throw new Error("no store has been opened yet");
    return this.#first;
  }

  #keep(store: Store): Store {
    this.#opened.push(store);
    return store;
  }
}
