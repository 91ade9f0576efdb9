import type { SessionRecord, Store } from "@sess/core";

/** A store whose records anybody may have altered. Nothing in it expires. */
export class PlantedStore implements Store {
  readonly records = new Map<string, SessionRecord>();

  async load(key: string): Promise<SessionRecord | undefined> {
    const record = this.records.get(key);
    return record && { ...record };
  }

  async save(key: string, record: SessionRecord): Promise<boolean> {
    if ((this.records.get(key)?.revision ?? 0) !== record.revision - 1) return false;
    this.records.set(key, { ...record });
    return true;
  }

  async delete(key: string, revision?: number): Promise<boolean> {
    const found = this.records.get(key);
    if (found === undefined || !Object.is(revision ?? found.revision, found.revision)) return false;
    return this.records.delete(key);
  }

  async touch(key: string, expiresAt: number): Promise<boolean> {
    const found = this.records.get(key);
    if (found) this.records.set(key, { ...found, expiresAt });
    return found !== undefined;
  }

  async *list(owner?: string): AsyncGenerator<readonly [string, SessionRecord]> {
    for (const [key, record] of [...this.records]) {
      if (owner === undefined || record.owner === owner) yield [key, { ...record }];
    }
  }
}
