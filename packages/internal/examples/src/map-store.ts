import type { SessionRecord, Store } from "@sess/core";

/** Keeps sessions in a Map: the least that is a store. */
export class MapStore implements Store {
  readonly #records = new Map<string, SessionRecord>();

  async load(key: string): Promise<SessionRecord | undefined> {
    const record = this.#records.get(key);
    return record && record.expiresAt > Date.now() ? { ...record } : undefined;
  }

  async save(key: string, record: SessionRecord): Promise<boolean> {
    if (record.revision !== this.#liveRevision(key) + 1) return false;
    this.#records.set(key, { ...record });
    return true;
  }

  async delete(key: string, revision?: number): Promise<boolean> {
    const live = this.#liveRevision(key);
    return live > 0 && (revision ?? live) === live && this.#records.delete(key);
  }

  #liveRevision(key: string): number {
    const record = this.#records.get(key);
    return record && record.expiresAt > Date.now() ? record.revision : 0;
  }
}
