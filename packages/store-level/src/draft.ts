import type { SessionRecord } from "@sess/core";
import type { Change } from "./database.ts";
import { isDamage } from "./engine-errors.ts";
import type { Head } from "./heads.ts";
import { expiryKey, handleOfExpiry, ownerKey, recordKey } from "./keyspace.ts";
import type { Landed } from "./landed.ts";
import { decodeRecord, encodeRecord, parseRecord } from "./record-text.ts";

/**
 * A batch in the making. Each operation is checked against the newest state: what has landed,
 * overlaid by what the operations before it in this batch decided.
 *
 * The expiry index may lag: each record has at least one entry whose time is not later than its
 * `expiresAt`. So what extends a life leaves the index alone.
 */
export class Draft {
  readonly changes: Change[] = [];
  /** How much text the changes hold. */
  size = 0;
  /** Whether one of the changes must be on disk before it is acknowledged. */
  sync = false;

  readonly #landed: Landed;
  readonly #syncSaves: boolean;
  readonly #now = Date.now();
  readonly #newest = new Map<string, SessionRecord | undefined>();

  constructor(landed: Landed, syncSaves: boolean) {
    this.#landed = landed;
    this.#syncSaves = syncSaves;
  }

  /** `text` is the record's, encoded when the caller handed it in. */
  save(handle: string, record: SessionRecord, text: string): boolean {
    const found = this.#head(handle);
    const live = this.#isLive(found) ? found : undefined;
    if (record.revision !== (live?.revision ?? 0) + 1) return false;
    this.#write(handle, found, record, text);
    if (this.#syncSaves || (live && record.expiresAt < live.expiresAt)) this.sync = true;
    return true;
  }

  touch(handle: string, expiresAt: number, revision: number | undefined): boolean {
    const live = this.#find(handle);
    if (!this.#isLive(live) || (revision ?? live.revision) !== live.revision) return false;
    if (expiresAt === live.expiresAt) return true;
    const record = { ...live, expiresAt };
    this.#write(handle, live, record, encodeRecord(handle, record));
    // A touch that is lost ends a session early; one that shortened a life must not come undone.
    if (expiresAt < live.expiresAt) this.sync = true;
    return true;
  }

  /** Removes an expired record too: were the clock set back, it would live again. */
  delete(handle: string, revision: number | undefined): boolean {
    let found: Head | undefined;
    try {
      found = this.#head(handle);
    } catch (error) {
      if (revision !== undefined || !isDamage(error)) throw error;
      this.#remove(handle, this.#guess(handle));
      this.sync = true;
      return true;
    }
    if (found === undefined || (revision ?? found.revision) !== found.revision) return false;
    this.#remove(handle, found);
    this.sync = true;
    return this.#isLive(found);
  }

  /** Settles entries of the expiry index that are due; how many records it removed. */
  sweep(entries: readonly string[]): number {
    let removed = 0;
    for (const entry of entries) {
      try {
        if (this.#settle(entry)) removed += 1;
      } catch (error) {
        // Passed over, entry and all: a damaged record stays where it is.
        if (!isDamage(error)) throw error;
      }
    }
    return removed;
  }

  /** The batch has landed: what it decided is now what the next one is checked against. */
  landed(): void {
    for (const [handle, record] of this.#newest) this.#landed.changed(handle, record);
  }

  #settle(entry: string): boolean {
    const handle = handleOfExpiry(entry);
    const found = this.#find(handle);
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

  #write(handle: string, old: Head | undefined, record: SessionRecord, text: string): void {
    this.#newest.set(handle, record);
    this.#put(recordKey(handle), text);
    // What was saved before may be lost to a power loss and this not, so the index entries come along.
    const again = !this.#syncSaves;
    if (old === undefined || record.expiresAt < old.expiresAt || again) {
      const due = expiryKey(record.expiresAt, handle);
      const before = old && expiryKey(old.expiresAt, handle);
      if (before !== undefined && before !== due) this.#del(before);
      // Also where it stands already: an older version named the millisecond, not the minute.
      this.#put(due, "");
    }
    if (old?.owner === record.owner && !again) return;
    if (old?.owner !== undefined && old.owner !== record.owner)
      this.#del(ownerKey(old.owner, handle));
    if (record.owner !== undefined) this.#put(ownerKey(record.owner, handle), "");
  }

  /** A lagging entry of the expiry index stays until it is due and finds no record. */
  #remove(handle: string, record: Head | undefined): void {
    this.#newest.set(handle, undefined);
    this.#del(recordKey(handle));
    if (record === undefined) return;
    this.#del(expiryKey(record.expiresAt, handle));
    if (record.owner !== undefined) this.#del(ownerKey(record.owner, handle));
  }

  #put(key: string, value: string): void {
    this.changes.push({ type: "put", key, value });
    this.size += key.length + value.length;
  }

  #del(key: string): void {
    this.changes.push({ type: "del", key });
    this.size += key.length;
  }

  /** Enough of the record for what does not carry its data on. */
  #head(handle: string): Head | undefined {
    if (this.#newest.has(handle)) return this.#newest.get(handle);
    return this.#landed.head(handle) ?? this.#find(handle);
  }

  #find(handle: string): SessionRecord | undefined {
    if (this.#newest.has(handle)) return this.#newest.get(handle);
    const text = this.#landed.text(handle);
    return text === undefined ? undefined : decodeRecord(handle, text);
  }

  /** What a damaged record seems to say: enough to clear its index entries away with it. */
  #guess(handle: string): SessionRecord | undefined {
    try {
      return parseRecord(this.#landed.text(handle) ?? "");
    } catch {
      return undefined;
    }
  }

  #isLive<Found extends Head>(record: Found | undefined): record is Found {
    return record !== undefined && record.expiresAt > this.#now;
  }
}
