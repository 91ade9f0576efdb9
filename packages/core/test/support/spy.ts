import type { SessionRecord, Store } from "@sess/core";
import { ReferenceStore, type Verb } from "./reference-store.ts";

/** A store that notes what it is given, in order. */
export class SpyStore extends ReferenceStore {
  /** All that core let the store see: keys and records, as text. */
  readonly seen: string[] = [];
  readonly saves: SessionRecord[] = [];

  override load(key: string): Promise<SessionRecord | undefined> {
    this.seen.push(key);
    return super.load(key);
  }

  override save(key: string, record: SessionRecord): Promise<boolean> {
    this.seen.push(key, JSON.stringify(record));
    this.saves.push(record);
    return super.save(key, record);
  }

  override delete(key: string, revision?: number): Promise<boolean> {
    this.seen.push(key);
    return super.delete(key, revision);
  }

  override touch(key: string, expiresAt: number, revision?: number): Promise<boolean> {
    this.seen.push(key);
    return super.touch(key, expiresAt, revision);
  }

  /** How often each verb was called since the last time that this was asked. */
  counts(): Partial<Record<Verb, number>> {
    const counts: Partial<Record<Verb, number>> = {};
    for (const verb of this.calls.splice(0)) counts[verb] = (counts[verb] ?? 0) + 1;
    return counts;
  }
}

/** A store whose clock stands still, so that nothing in it ever expires. */
export function timeless(records: ReadonlyMap<string, SessionRecord>): Store {
  return {
    load: async (key) => records.get(key),
    save: async () => false,
    delete: async () => false,
    async *list() {
      yield* records;
    },
  };
}
