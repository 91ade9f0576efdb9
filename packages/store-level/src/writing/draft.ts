import type { SessionRecord } from "@sess/core";
import type { Change } from "../client.ts";
import { isDamage } from "../faults.ts";
import { expiryKey, handleOfExpiry, ownerKey, recordKey } from "../keyspace.ts";
import { decodeRecord, encodeRecord, parseRecord, readableExpiry } from "../record.ts";
import type { CommittedRecords } from "./committed-records.ts";
import type { RecordSummary } from "./recent-records.ts";

/** What is to be saved under a handle. */
export interface Save {
  readonly record: SessionRecord;
  /** The record, encoded when the caller handed it in. */
  readonly text: string;
  /** Whether it must be on disk before it is acknowledged, even if saves need not be. */
  readonly durable: boolean;
}

/**
 * A batch in the making. Each operation is checked against the newest state: what is committed, under
 * what the earlier operations of this batch have decided.
 *
 * The expiry index may lag behind: each record has at least one entry whose time is not later than its
 * `expiresAt`. So whatever extends a session leaves the index alone.
 */
export class Draft {
  readonly changes: Change[] = [];
  readonly #committed: CommittedRecords;
  readonly #syncSaves: boolean;
  readonly #now = Date.now();
  readonly #decided = new Map<string, SessionRecord | undefined>();
  #size = 0;
  #sync = false;

  /** With `syncSaves`, saves are on disk before they are acknowledged. */
  constructor(committed: CommittedRecords, syncSaves: boolean) {
    this.#committed = committed;
    this.#syncSaves = syncSaves;
  }

  /** Characters in the changes. */
  get size(): number {
    return this.#size;
  }

  /** Whether one of the changes must be on disk before it is acknowledged. */
  get sync(): boolean {
    return this.#sync;
  }

  /** Returns whether it is written. */
  save(handle: string, { record, text, durable }: Save): boolean {
    if (!this.#isLive(record)) return false;
    const found = this.#summary(handle);
    const live = this.#isLive(found) ? found : undefined;
    if (record.revision !== (live?.revision ?? 0) + 1) return false;
    this.#write(handle, found, record, text);
    if (this.#syncSaves || durable) this.#sync = true;
    return true;
  }

  touch(handle: string, expiresAt: number, revision: number | undefined): boolean {
    if (expiresAt <= this.#now) return false;
    const live = this.#record(handle);
    if (!this.#isLive(live) || !hasRevision(live, revision)) return false;
    if (expiresAt === live.expiresAt) return true;
    const record = { ...live, expiresAt };
    this.#write(handle, live, record, encodeRecord(handle, record));
    // A touch that is lost ends a session early; one that shortened a life must not come undone.
    if (expiresAt < live.expiresAt) this.#sync = true;
    return true;
  }

  /** Removes an expired record too: it would be live again if the clock were set back. */
  delete(handle: string, revision: number | undefined): boolean {
    let found: RecordSummary | undefined;
    try {
      found = this.#summary(handle);
    } catch (error) {
      if (revision !== undefined || !isDamage(error)) throw error;
      this.#remove(handle, this.#guess(handle));
      this.#sync = true;
      return true;
    }
    if (found === undefined || !hasRevision(found, revision)) return false;
    this.#remove(handle, found);
    this.#sync = true;
    return this.#isLive(found);
  }

  /** Settles entries of the expiry index that are due; returns how many records it removed. */
  sweep(entries: readonly string[]): number {
    let removed = 0;
    for (const entry of entries) {
      try {
        if (this.#settle(entry)) removed += 1;
      } catch (error) {
        if (!isDamage(error)) throw error;
        if (this.#clear(entry)) removed += 1;
      }
    }
    return removed;
  }

  /**
   * Removes a damaged record that says, as its entry does, that it has expired. Otherwise it stays where
   * it is, and so does the entry. Returns whether it removed one.
   */
  #clear(entry: string): boolean {
    const handle = handleOfExpiry(entry);
    const expiresAt = this.#damagedExpiry(handle);
    if (expiresAt === undefined || expiresAt > this.#now) return false;
    this.#del(entry);
    this.#remove(handle, this.#guess(handle));
    return true;
  }

  /** Tells that the batch has been written: the next one is checked against what this one decided. */
  committed(): void {
    for (const [handle, record] of this.#decided) this.#committed.note(handle, record);
  }

  #settle(entry: string): boolean {
    const handle = handleOfExpiry(entry);
    const found = this.#record(handle);
    const due = found && expiryKey(found.expiresAt, handle);
    if (entry !== due) this.#del(entry);
    if (found === undefined || due === undefined) return false;
    if (!this.#isLive(found)) {
      this.#remove(handle, found);
      return true;
    }
    if (entry !== due) this.#put(due, "");
    return false;
  }

  #write(
    handle: string,
    old: RecordSummary | undefined,
    record: SessionRecord,
    text: string,
  ): void {
    this.#decided.set(handle, record);
    this.#put(recordKey(handle), text);
    this.#enterExpiry(handle, old?.expiresAt, record.expiresAt);
    this.#enterOwner(handle, old?.owner, record.owner);
  }

  #enterExpiry(handle: string, old: number | undefined, expiresAt: number): void {
    if (old !== undefined && old <= expiresAt && !this.#repeatsEntries) return;
    const due = expiryKey(expiresAt, handle);
    const before = old === undefined ? due : expiryKey(old, handle);
    if (before !== due) this.#del(before);
    // Even if it is there already: an older version entered the millisecond instead of the minute.
    this.#put(due, "");
  }

  #enterOwner(handle: string, old: string | undefined, owner: string | undefined): void {
    if (old !== undefined && old !== owner) this.#del(ownerKey(old, handle));
    if (owner === undefined || (old === owner && !this.#repeatsEntries)) return;
    this.#put(ownerKey(owner, handle), "");
  }

  /**
   * Without sync, a power loss may take an earlier save with its index entries and spare this one. So
   * each save brings all its entries along.
   */
  get #repeatsEntries(): boolean {
    return !this.#syncSaves;
  }

  /** An expiry entry that lags behind stays until it is due and finds no record. */
  #remove(handle: string, record: RecordSummary | undefined): void {
    this.#decided.set(handle, undefined);
    this.#del(recordKey(handle));
    if (record === undefined) return;
    this.#del(expiryKey(record.expiresAt, handle));
    if (record.owner !== undefined) this.#del(ownerKey(record.owner, handle));
  }

  #put(key: string, value: string): void {
    this.changes.push({ type: "put", key, value });
    this.#size += key.length + value.length;
  }

  #del(key: string): void {
    this.changes.push({ type: "del", key });
    this.#size += key.length;
  }

  /** Enough of the record for whatever does not carry its data on. */
  #summary(handle: string): RecordSummary | undefined {
    if (this.#decided.has(handle)) return this.#decided.get(handle);
    return this.#committed.summary(handle) ?? this.#record(handle);
  }

  #record(handle: string): SessionRecord | undefined {
    if (this.#decided.has(handle)) return this.#decided.get(handle);
    const text = this.#committed.text(handle);
    return text === undefined ? undefined : decodeRecord(handle, text);
  }

  #damagedExpiry(handle: string): number | undefined {
    try {
      return readableExpiry(this.#committed.text(handle) ?? "");
    } catch {
      return undefined;
    }
  }

  /** What a damaged record seems to say: enough to clear its index entries away with it. */
  #guess(handle: string): SessionRecord | undefined {
    try {
      return parseRecord(this.#committed.text(handle) ?? "");
    } catch {
      return undefined;
    }
  }

  #isLive<Found extends RecordSummary>(record: Found | undefined): record is Found {
    return record !== undefined && record.expiresAt > this.#now;
  }
}

/** Whether `record` has `revision`, if one is asked for. */
function hasRevision(record: RecordSummary, revision: number | undefined): boolean {
  return revision === undefined || record.revision === revision;
}
