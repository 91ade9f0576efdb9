import { type SaveOptions, SessionError, type SessionRecord, type Store } from "@sess/core";
import type { StoreMethod } from "@sess/core/conformance";

export interface StoreCall {
  readonly method: StoreMethod;
  /** Undefined for `list()`, `sweep()` and `close()`. */
  readonly handle: string | undefined;
  /** 1 for the first call of any method since the store was made or `forget()` was called. */
  readonly count: number;
}

/** Runs in place of a call; `apply` carries it out. */
export type Around = <T>(call: StoreCall, apply: () => Promise<T>) => Promise<T>;

export interface ReferenceStoreOptions {
  /**
   * The store's clock, in milliseconds since the epoch.
   *
   * @default Date.now
   */
  readonly now?: () => number;
  /**
   * What is stored. Pass the records of another store to open a second connection to its data.
   *
   * @default an empty Map
   */
  readonly records?: Map<string, SessionRecord>;
  /**
   * The store's `maxBytes`.
   *
   * @default no limit
   */
  readonly maxBytes?: number;
}

/** Lets other calls run in between, as every call to a real engine does. */
export const pause = (): Promise<void> => Promise.resolve();

const straight: Around = (_, apply) => apply();

/**
 * The store contract in its plainest form, over a Map that tests can read and change. To make a call
 * fail, hang or run twice, wrap the store in a `FaultyStore`; for anything else, set `around`.
 */
export class ReferenceStore implements Store {
  /** What is stored, by handle; expired records too. */
  readonly records: Map<string, SessionRecord>;
  /** The methods called so far, in order. */
  readonly calls: StoreMethod[] = [];
  around: Around = straight;
  declare readonly maxBytes?: number;
  protected isClosed = false;
  protected isFailing = false;
  protected readonly now: () => number;

  constructor({
    now = () => Date.now(),
    records = new Map(),
    maxBytes,
  }: ReferenceStoreOptions = {}) {
    this.now = now;
    this.records = records;
    if (maxBytes !== undefined) this.maxBytes = maxBytes;
  }

  load(handle: string): Promise<SessionRecord | undefined> {
    return this.#call("load", handle, () => {
      const live = this.live(handle);
      return live && { ...live };
    });
  }

  save(handle: string, record: SessionRecord, _options?: SaveOptions): Promise<boolean> {
    const copy = { ...record };
    return this.#call("save", handle, () => {
      this.checkSize(copy);
      if (this.isPast(copy.expiresAt)) return false;
      if ((this.live(handle)?.revision ?? 0) !== copy.revision - 1) return false;
      this.put(handle, copy);
      return true;
    });
  }

  delete(handle: string, revision?: number): Promise<boolean> {
    return this.#call("delete", handle, () => {
      // A damaged record goes as well; so does an expired one, or a clock that is set back would revive it.
      const found = revision === undefined ? this.unexpired(handle) : this.liveAt(handle, revision);
      if (found !== undefined || this.unexpired(handle) === undefined) this.remove(handle);
      return found !== undefined;
    });
  }

  touch(handle: string, expiresAt: number, revision?: number): Promise<boolean> {
    return this.#call("touch", handle, () => {
      const live = this.liveAt(handle, revision);
      if (live === undefined || this.isPast(expiresAt)) return false;
      this.put(handle, { ...live, expiresAt });
      return true;
    });
  }

  async *list(owner?: string): AsyncGenerator<readonly [handle: string, record: SessionRecord]> {
    // A snapshot of the handles, so that sessions created meanwhile cannot keep the listing going.
    const handles = await this.#call("list", undefined, () => [...this.records.keys()]);
    let damaged = 0;
    for (const handle of handles) {
      await pause();
      this.check();
      const found = this.unexpired(handle);
      if (!found || (owner !== undefined && !this.belongs(handle, found, owner))) continue;
      if (this.isDamaged(found)) damaged += 1;
      else yield [handle, { ...found }];
    }
    if (damaged > 0) throw corrupt(`${damaged} damaged records were skipped.`);
  }

  sweep(): Promise<number> {
    return this.#call("sweep", undefined, () => {
      const expired = this.expired();
      for (const handle of expired) this.remove(handle);
      return expired.length;
    });
  }

  close(): Promise<void> {
    return this.#noted("close", undefined, async () => {
      this.isClosed = true;
    });
  }

  /** Makes a stored record unreadable, all but its owner and its expiry. */
  damage(handle: string): void {
    const record = this.records.get(handle);
    if (record) this.records.set(handle, { ...record, revision: Number.NaN, data: "" });
  }

  /** Makes every call reject with STORE_UNAVAILABLE until the function that is returned is called. */
  fail(): () => void {
    this.isFailing = true;
    return () => {
      this.isFailing = false;
    };
  }

  /** Empties `calls`, counts from 1 again and removes what was set as `around`. */
  forget(): void {
    this.calls.length = 0;
    this.around = straight;
  }

  protected check(): void {
    if (this.isClosed) throw new SessionError("STORE_CLOSED", "ReferenceStore: it is closed.");
    if (this.isFailing) throw new SessionError("STORE_UNAVAILABLE", "ReferenceStore: it fails.");
  }

  protected checkSize({ data }: SessionRecord): void {
    if (this.maxBytes === undefined || Buffer.byteLength(data) <= this.maxBytes) return;
    throw new SessionError("DATA_TOO_LARGE", `ReferenceStore: it takes ${this.maxBytes} bytes.`);
  }

  /** Whether the clock has reached an instant, in ms since the epoch. */
  protected isPast(instant: number): boolean {
    return instant <= this.now();
  }

  protected isDamaged({ revision }: SessionRecord): boolean {
    return Number.isNaN(revision);
  }

  /** The record, readable or not, that has not expired. */
  protected unexpired(handle: string): SessionRecord | undefined {
    const record = this.records.get(handle);
    return record !== undefined && !this.isPast(record.expiresAt) ? record : undefined;
  }

  protected live(handle: string): SessionRecord | undefined {
    const record = this.unexpired(handle);
    if (record !== undefined && this.isDamaged(record)) throw corrupt("The record is damaged.");
    return record;
  }

  /** The live record, if it has `revision` or no revision is asked for. */
  protected liveAt(handle: string, revision: number | undefined): SessionRecord | undefined {
    const live = this.live(handle);
    return revision === undefined || live?.revision === revision ? live : undefined;
  }

  protected belongs(_handle: string, record: SessionRecord, owner: string): boolean {
    return record.owner === owner;
  }

  protected expired(): string[] {
    return [...this.records.keys()].filter((handle) => this.unexpired(handle) === undefined);
  }

  protected put(handle: string, record: SessionRecord): void {
    this.records.set(handle, record);
  }

  protected remove(handle: string): void {
    this.records.delete(handle);
  }

  #call<T>(method: StoreMethod, handle: string | undefined, task: () => T): Promise<T> {
    return this.#noted(method, handle, async () => {
      this.check();
      await pause();
      return task();
    });
  }

  #noted<T>(method: StoreMethod, handle: string | undefined, apply: () => Promise<T>): Promise<T> {
    const count = this.calls.push(method);
    return this.around({ method, handle, count }, apply);
  }
}

function corrupt(what: string): SessionError {
  return new SessionError("RECORD_CORRUPT", `ReferenceStore: ${what}`);
}

/** The same store without its optional methods. */
export function bare(store: Store): Store {
  return {
    load: (handle) => store.load(handle),
    save: (...call) => store.save(...call),
    delete: (handle, revision) => store.delete(handle, revision),
  };
}
