import type { SessionRecord, Store } from "@sess/core";

/** The smallest store: a Map. */
export class MapStore implements Store {
  readonly #records = new Map<string, SessionRecord>();

  async load(handle: string): Promise<SessionRecord | undefined> {
    const record = this.#live(handle);
    return record && { ...record };
  }

  async save(handle: string, record: SessionRecord): Promise<boolean> {
    const revision = this.#live(handle)?.revision ?? 0;
    if (record.revision !== revision + 1 || record.expiresAt <= Date.now()) return false;
    this.#records.set(handle, { ...record });
    return true;
  }

  async delete(handle: string, revision?: number): Promise<boolean> {
    const live = this.#live(handle);
    if (live === undefined || live.revision !== (revision ?? live.revision)) return false;
    return this.#records.delete(handle);
  }

  #live(handle: string): SessionRecord | undefined {
    const record = this.#records.get(handle);
    return record && record.expiresAt > Date.now() ? record : undefined;
  }
}
