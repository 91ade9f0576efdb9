import { setImmediate } from "node:timers/promises";
import type { SessionRecord, Store } from "@sess/core";
import { checkOptions, LifeCycle, type Rules, wholeNumber } from "@sess/core/adapter";
import { OwnerIndex } from "./owner-index.ts";

/** What can be chosen for a `MemoryStore`. */
export interface MemoryStoreOptions {
  /**
   * The most sessions to keep, counting expired ones that no sweep has removed yet. When one more comes,
   * the one that was saved longest ago goes; a touch is not a save.
   *
   * @default no limit
   */
  readonly maxSessions?: number;
}

const OPTIONS: Rules<MemoryStoreOptions> = {
  maxSessions: wholeNumber(1, Number.MAX_SAFE_INTEGER),
};

/** Sessions that `list` and `sweep` go through before they let other work in: about 1 ms of work. */
const SLICE = 1_000;

// Taken at import, so that a test that fakes timers later does not stop a sweep.
const nextTick = setImmediate;

/**
 * Keeps sessions in the memory of this process: for development, tests and programs whose sessions may
 * end with them. Every method rejects with STORE_CLOSED once the store is closed.
 */
export class MemoryStore implements Store {
  /** Expired records stay until they are swept. In the order of the last save if there is a limit. */
  readonly #records = new Map<string, SessionRecord>();
  readonly #owners = new OwnerIndex();
  readonly #lifeCycle = new LifeCycle("MemoryStore");
  readonly #maxSessions: number;

  /** @throws INVALID_OPTION if there is no such option, or its value is out of range. */
  constructor(options: MemoryStoreOptions = {}) {
    const { maxSessions = Number.POSITIVE_INFINITY } = checkOptions(
      "MemoryStore",
      options,
      OPTIONS,
    );
    this.#maxSessions = maxSessions;
  }

  async load(handle: string): Promise<SessionRecord | undefined> {
    this.#lifeCycle.assertOpen();
    const live = this.#findLive(handle);
    return live && { ...live };
  }

  async save(handle: string, record: SessionRecord): Promise<boolean> {
    this.#lifeCycle.assertOpen();
    if (!isLive(record)) return false;
    // No await between the check and the write: that is what makes it atomic.
    const liveRevision = this.#findLive(handle)?.revision ?? 0;
    if (record.revision !== liveRevision + 1) return false;
    this.#put(handle, record);
    return true;
  }

  async delete(handle: string, revision?: number): Promise<boolean> {
    this.#lifeCycle.assertOpen();
    const live = this.#findLive(handle);
    if (live !== undefined && !hasRevision(live, revision)) return false;
    // An expired record goes too: if the clock were set back, it would be live again.
    this.#remove(handle);
    return live !== undefined;
  }

  async touch(handle: string, expiresAt: number, revision?: number): Promise<boolean> {
    this.#lifeCycle.assertOpen();
    const live = this.#findLive(handle);
    if (live === undefined || !hasRevision(live, revision)) return false;
    const touched = { ...live, expiresAt };
    if (!isLive(touched)) return false;
    this.#records.set(handle, touched);
    return true;
  }

  /** Yields the sessions that were there when it began and still are when it comes to them. */
  async *list(owner?: string): AsyncGenerator<readonly [handle: string, record: SessionRecord]> {
    this.#lifeCycle.assertOpen();
    const handles = owner === undefined ? this.#records.keys() : this.#owners.handlesOf(owner);
    for (const [index, handle] of [...handles].entries()) {
      const live = this.#findLive(handle);
      const isTheirs = owner === undefined || live?.owner === owner;
      if (live !== undefined && isTheirs) yield [handle, { ...live }];
      if (index % SLICE === SLICE - 1) await nextTick();
    }
    // A store that was closed meanwhile holds nothing: what was yielded must not pass for all there is.
    this.#lifeCycle.assertOpen();
  }

  sweep(): Promise<number> {
    return this.#lifeCycle.run(async () => {
      let removed = 0;
      for (const [index, handle] of [...this.#records.keys()].entries()) {
        const record = this.#records.get(handle);
        if (record !== undefined && !isLive(record)) {
          this.#remove(handle);
          removed += 1;
        }
        if (index % SLICE === SLICE - 1) await nextTick();
      }
      return removed;
    });
  }

  /** Waits for a sweep that is under way, then forgets all sessions. */
  close(): Promise<void> {
    return this.#lifeCycle.close(async () => {
      this.#records.clear();
      this.#owners.clear();
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #findLive(handle: string): SessionRecord | undefined {
    const record = this.#records.get(handle);
    return record !== undefined && isLive(record) ? record : undefined;
  }

  #put(handle: string, record: SessionRecord): void {
    this.#owners.move(handle, this.#records.get(handle)?.owner, record.owner);
    // A Map keeps the place of a key that is set again.
    if (this.#maxSessions < Number.POSITIVE_INFINITY) this.#records.delete(handle);
    this.#records.set(flat(handle), { ...record, data: flat(record.data) });
    if (this.#records.size > this.#maxSessions) {
      const [oldest = handle] = this.#records.keys();
      this.#remove(oldest);
    }
  }

  #remove(handle: string): void {
    this.#owners.move(handle, this.#records.get(handle)?.owner, undefined);
    this.#records.delete(handle);
  }
}

function isLive(record: SessionRecord): boolean {
  return record.expiresAt > Date.now();
}

/** Whether `record` has `revision`, if one is asked for. */
function hasRevision(record: SessionRecord, revision: number | undefined): boolean {
  return revision === undefined || record.revision === revision;
}

/**
 * V8 keeps a concatenated string as a tree of its parts (measured: 2,880 bytes for a session of 580
 * characters). Reading its last character makes it one piece (800 bytes).
 */
function flat(text: string): string {
  text.charCodeAt(text.length - 1);
  return text;
}
