import { SessionError, type SessionRecord, type Store } from "@sess/core";
import { type MemoryStoreOptions, readMaxSessions } from "./options.ts";
import { OwnerIndex } from "./owner-index.ts";

/** One object of one shape for each session: `owner` is undefined where the record has none. */
interface Entry {
  revision: number;
  createdAt: number;
  expiresAt: number;
  owner: string | undefined;
  data: string;
}

/** After how many entries a walk lets everything else have its turn: about a millisecond. */
const SLICE = 1_000;

// Shared, since a promise that has resolved to a boolean can be given to any number of callers.
const YES = Promise.resolve(true);
const NO = Promise.resolve(false);
const NOTHING = Promise.resolve(undefined);

/** Keeps sessions in the memory of this process: for development, tests and what may be lost. */
export class MemoryStore implements Store {
  readonly #entries = new Map<string, Entry>();
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
    const entry = this.#live(key);
    return entry === undefined ? NOTHING : Promise.resolve(toRecord(entry));
  }

  save(key: string, record: SessionRecord): Promise<boolean> {
    if (this.#closed) return rejected();
    const entry = this.#entries.get(key);
    const live = entry !== undefined && entry.expiresAt > Date.now() ? entry.revision : 0;
    if (record.revision !== live + 1) return NO;
    this.#write(key, entry, record);
    return YES;
  }

  delete(key: string, revision?: number): Promise<boolean> {
    if (this.#closed) return rejected();
    const entry = this.#entries.get(key);
    if (entry === undefined || (revision ?? entry.revision) !== entry.revision) return NO;
    // An expired one goes too: were the clock set back, it would live again.
    this.#remove(key, entry);
    return entry.expiresAt > Date.now() ? YES : NO;
  }

  touch(key: string, expiresAt: number): Promise<boolean> {
    if (this.#closed) return rejected();
    const entry = this.#live(key);
    if (entry === undefined) return NO;
    entry.expiresAt = expiresAt;
    return YES;
  }

  async *list(owner?: string): AsyncGenerator<readonly [key: string, record: SessionRecord]> {
    if (this.#closed) throw closed();
    const keys = owner === undefined ? this.#entries : this.#owners.of(owner);
    // No more than there were at first: a consumer that creates sessions must come to an end.
    let left = keys.size;
    for (const key of keys.keys()) {
      const entry = this.#live(key);
      if (entry !== undefined) yield [key, toRecord(entry)];
      left -= 1;
      if (left <= 0) break;
      if (left % SLICE === 0) await turn();
    }
    // Closed on the way, nothing more was found: that must not look like the end of the list.
    if (this.#closed) throw closed();
  }

  async sweep(): Promise<number> {
    if (this.#closed) throw closed();
    let removed = 0;
    let left = this.#entries.size;
    for (const [key, entry] of this.#entries) {
      if (entry.expiresAt <= Date.now()) {
        this.#remove(key, entry);
        removed += 1;
      }
      left -= 1;
      if (left <= 0) break;
      if (left % SLICE === 0) await turn();
    }
    return removed;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#entries.clear();
    this.#owners.clear();
    this.#bySave?.clear();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #live(key: string): Entry | undefined {
    const entry = this.#entries.get(key);
    return entry !== undefined && entry.expiresAt > Date.now() ? entry : undefined;
  }

  #write(key: string, old: Entry | undefined, record: SessionRecord): void {
    const { owner } = record;
    if (old?.owner !== owner) {
      if (old?.owner !== undefined) this.#owners.remove(old.owner, key);
      if (owner !== undefined) this.#owners.add(flat(owner), key);
    }
    if (old === undefined) this.#entries.set(flat(key), toEntry(record));
    else update(old, record);
    if (this.#bySave !== undefined) this.#makeRoom(this.#bySave, key);
  }

  #makeRoom(bySave: Set<string>, saved: string): void {
    bySave.delete(saved);
    bySave.add(saved);
    if (bySave.size <= this.#maxSessions) return;
    const [oldest = saved] = bySave;
    const entry = this.#entries.get(oldest);
    if (entry !== undefined) this.#remove(oldest, entry);
  }

  #remove(key: string, { owner }: Entry): void {
    this.#entries.delete(key);
    this.#bySave?.delete(key);
    if (owner !== undefined) this.#owners.remove(owner, key);
  }
}

function toEntry({ revision, createdAt, expiresAt, owner, data }: SessionRecord): Entry {
  return { revision, createdAt, expiresAt, owner, data: flat(data) };
}

function update(entry: Entry, record: SessionRecord): void {
  entry.revision = record.revision;
  entry.createdAt = record.createdAt;
  entry.expiresAt = record.expiresAt;
  entry.owner = record.owner;
  entry.data = flat(record.data);
}

function toRecord({ revision, createdAt, expiresAt, owner, data }: Entry): SessionRecord {
  return owner === undefined
    ? { revision, createdAt, expiresAt, data }
    : { revision, createdAt, expiresAt, owner, data };
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
