import type { SaveOptions, SessionRecord } from "@sess/core";
import type { StoreMethod } from "@sess/core/conformance";
import { ReferenceStore } from "./reference-store.ts";

/** A store that notes what it is given. */
export class SpyStore extends ReferenceStore {
  /** Every handle and record that the store was given, as text, in order. */
  readonly seen: string[] = [];
  /** The records that it was asked to save, refused ones too. */
  readonly saves: SessionRecord[] = [];

  override load(handle: string): Promise<SessionRecord | undefined> {
    this.seen.push(handle);
    return super.load(handle);
  }

  override save(handle: string, record: SessionRecord, options?: SaveOptions): Promise<boolean> {
    this.seen.push(handle, JSON.stringify(record));
    this.saves.push(record);
    return super.save(handle, record, options);
  }

  override delete(handle: string, revision?: number): Promise<boolean> {
    this.seen.push(handle);
    return super.delete(handle, revision);
  }

  override touch(handle: string, expiresAt: number, revision?: number): Promise<boolean> {
    this.seen.push(handle);
    return super.touch(handle, expiresAt, revision);
  }

  /** How often each method was called since the last time this was asked. */
  counts(): Partial<Record<StoreMethod, number>> {
    const counts: Partial<Record<StoreMethod, number>> = {};
    for (const method of this.calls.splice(0)) counts[method] = (counts[method] ?? 0) + 1;
    return counts;
  }
}
