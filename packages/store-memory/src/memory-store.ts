import { SessionError, type SessionRecord, type Store } from "@sess/core";
import { type MemoryStoreOptions, readMaxSessions } from "./options.ts";
import { OwnerIndex } from "./owner-index.ts";
import { Table } from "./table.ts";

/** After how many records a walk lets everything else have its turn: about a millisecond. */
const SLICE = 1_000;

// Shared, since a promise that has resolved to a boolean can be given to any number of callers.
const YES = Promise.resolve(true);
const NO = Promise.resolve(false);
const NOTHING = Promise.resolve(undefined);

/** Keeps sessions in the memory of this process: for development, tests and what may be lost. */
export class MemoryStore implements Store {
  readonly #table = new Table();
  readonly #owners = new OwnerIndex();
  /** The keys by the time of their last save, where that decides who goes. */
  readonly #bySave: Set<string> | undefined;
  readonly #maxSessions: number;
  #closed = false;

  constructor(options: MemoryStoreOptions = {}) {
    this.#maxSessions = readMaxSessions(options);
    this.#bySave = Number.isFinite(this.#maxSessions) ? new Set() : undefined;
  }

  load(key: string): Promise<SessionRecord | undefined> {
    if (this.#closed) return rejected();
    const place = this.#findLive(key);
    return place === undefined ? NOTHING : Promise.resolve(this.#table.record(place));
  }

  save(key: string, record: SessionRecord): Promise<boolean> {
    if (this.#closed) return rejected();
    const place = this.#table.find(key);
    const isLive = place !== undefined && this.#isLive(place);
    if (record.revision !== (isLive ? this.#table.revision(place) : 0) + 1) return NO;
    this.#write(key, place, record);
    return YES;
  }

  delete(key: string, revision?: number): Promise<boolean> {
    if (this.#closed) return rejected();
    const place = this.#table.find(key);
    if (place === undefined || !this.#has(place, revision)) return NO;
    const isLive = this.#isLive(place);
    // An expired one goes too: were the clock set back, it would live again.
    this.#remove(place);
    return isLive ? YES : NO;
  }

  touch(key: string, expiresAt: number, revision?: number): Promise<boolean> {
    if (this.#closed) return rejected();
    const place = this.#findLive(key);
    if (place === undefined || !this.#has(place, revision)) return NO;
    this.#table.extend(place, expiresAt);
    return YES;
  }

  list(owner?: string): AsyncGenerator<readonly [key: string, record: SessionRecord]> {
    return owner === undefined ? this.#listAll() : this.#listOwned(owner);
  }

  async sweep(): Promise<number> {
    if (this.#closed) throw closed();
    let removed = 0;
    let now = Date.now();
    // From the end: see Table.
    for (let place = this.#table.size - 1; place >= 0; place -= 1) {
      if (place < this.#table.size && this.#table.expiresAt(place) <= now) {
        this.#remove(place);
        removed += 1;
      }
      if (place === 0 || place % SLICE !== 0) continue;
      await turn();
      now = Date.now();
    }
    return removed;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#table.clear();
    this.#owners.clear();
    this.#bySave?.clear();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async *#listAll(): AsyncGenerator<readonly [key: string, record: SessionRecord]> {
    if (this.#closed) throw closed();
    // From the end: see Table. What a consumer adds comes behind it, so this comes to an end.
    for (let place = this.#table.size - 1; place >= 0; place -= 1) {
      if (place < this.#table.size && this.#isLive(place)) {
        yield [this.#table.key(place), this.#table.record(place)];
      }
      if (place > 0 && place % SLICE === 0) await turn();
    }
    // Closed on the way, nothing more was found: that must not look like the end of the list.
    if (this.#closed) throw closed();
  }

  async *#listOwned(owner: string): AsyncGenerator<readonly [key: string, record: SessionRecord]> {
    if (this.#closed) throw closed();
    const keys = this.#owners.of(owner);
    // No more than there were at first: a consumer that creates sessions must come to an end.
    let left = keys.size;
    for (const key of keys) {
      const place = this.#findLive(key);
      if (place !== undefined) yield [key, this.#table.record(place)];
      left -= 1;
      if (left <= 0) break;
      if (left % SLICE === 0) await turn();
    }
    if (this.#closed) throw closed();
  }

  #findLive(key: string): number | undefined {
    const place = this.#table.find(key);
    return place !== undefined && this.#isLive(place) ? place : undefined;
  }

  #isLive(place: number): boolean {
    return this.#table.expiresAt(place) > Date.now();
  }

  /** Whether the record there has that revision, if one is asked for. */
  #has(place: number, revision: number | undefined): boolean {
    return revision === undefined || this.#table.revision(place) === revision;
  }

  #write(key: string, place: number | undefined, record: SessionRecord): void {
    const old = place === undefined ? undefined : this.#table.owner(place);
    const { owner } = record;
    if (old !== owner) {
      if (old !== undefined) this.#owners.remove(old, key);
      if (owner !== undefined) this.#owners.add(flat(owner), key);
    }
    flat(record.data);
    if (place === undefined) this.#table.add(flat(key), record);
    else this.#table.replace(place, record);
    if (this.#bySave !== undefined) this.#makeRoom(this.#bySave, key);
  }

  #makeRoom(bySave: Set<string>, saved: string): void {
    bySave.delete(saved);
    bySave.add(saved);
    if (bySave.size <= this.#maxSessions) return;
    const [oldest = saved] = bySave;
    const place = this.#table.find(oldest);
    if (place !== undefined) this.#remove(place);
  }

  #remove(place: number): void {
    const key = this.#table.key(place);
    const owner = this.#table.owner(place);
    this.#table.remove(place);
    this.#bySave?.delete(key);
    if (owner !== undefined) this.#owners.remove(owner, key);
  }
}

/**
 * A concatenated string is a tree in V8 that keeps all its parts alive (measured: 2,880 bytes for a
 * session of 580 characters); reading its last character makes it one piece (800 bytes).
 */
function flat(text: string): string {
  text.charCodeAt(text.length - 1);
  return text;
}

function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

function closed(): SessionError {
  return new SessionError("STORE_CLOSED", "MemoryStore: it was closed; make a new one");
}

function rejected(): Promise<never> {
  return Promise.reject(closed());
}
