import { SessionError, type SessionRecord, type Store } from "@sess/core";

/** What the connections of one store share, as they share a server. */
export class Database {
  readonly records = new Map<string, SessionRecord>();
  readonly owners = new Map<string, Set<string>>();
}

/** A clock that stands still until it is told. */
export class TestClock {
  now = 0;

  set(now: number): void {
    this.now = now;
  }

  advance(ms: number): void {
    this.now += ms;
  }
}

/** Lets other calls come in between, as every call to an engine does. */
export const pause = () => Promise.resolve();

/** Keeps the contract in the plainest way. Broken stores differ from it in a few lines each. */
export class ReferenceStore implements Store {
  readonly clock: { readonly now: number };
  readonly database: Database;
  protected closed = false;

  constructor(clock: { readonly now: number }, database = new Database()) {
    this.clock = clock;
    this.database = database;
  }

  async load(key: string): Promise<SessionRecord | undefined> {
    this.check();
    await pause();
    const record = this.live(key);
    return record && { ...record };
  }

  async save(key: string, record: SessionRecord): Promise<boolean> {
    this.check();
    const copy = { ...record };
    await pause();
    if ((this.live(key)?.revision ?? 0) !== copy.revision - 1) return false;
    this.put(key, copy);
    return true;
  }

  async delete(key: string, revision?: number): Promise<boolean> {
    this.check();
    await pause();
    const record = this.live(key);
    if (record === undefined || (revision ?? record.revision) !== record.revision) return false;
    this.remove(key);
    return true;
  }

  async touch(key: string, expiresAt: number, revision?: number): Promise<boolean> {
    this.check();
    await pause();
    const record = this.live(key);
    if (record === undefined || (revision ?? record.revision) !== record.revision) return false;
    this.put(key, { ...record, expiresAt });
    return true;
  }

  async *list(owner?: string): AsyncGenerator<readonly [key: string, record: SessionRecord]> {
    this.check();
    for (const key of this.keys(owner)) {
      await pause();
      this.check();
      const record = this.live(key);
      if (record !== undefined) yield [key, { ...record }];
    }
  }

  async sweep(): Promise<number> {
    this.check();
    let removed = 0;
    for (const key of this.keys()) {
      await pause();
      if (!this.database.records.has(key) || this.live(key) !== undefined) continue;
      this.remove(key);
      removed += 1;
    }
    return removed;
  }

  async close(): Promise<void> {
    this.closed = true;
  }

  protected check(): void {
    if (this.closed) throw new SessionError("STORE_CLOSED", "ReferenceStore: it was closed");
  }

  protected live(key: string): SessionRecord | undefined {
    const record = this.database.records.get(key);
    return record !== undefined && record.expiresAt > this.clock.now ? record : undefined;
  }

  protected keys(owner?: string): string[] {
    const { records, owners } = this.database;
    return [...(owner === undefined ? records.keys() : (owners.get(owner) ?? []))];
  }

  protected put(key: string, record: SessionRecord): void {
    this.unindex(key);
    this.database.records.set(key, record);
    if (record.owner !== undefined) this.index(record.owner, key);
  }

  protected remove(key: string): void {
    this.unindex(key);
    this.database.records.delete(key);
  }

  protected index(owner: string, key: string): void {
    const keys = this.database.owners.get(owner) ?? new Set();
    this.database.owners.set(owner, keys.add(key));
  }

  protected unindex(key: string): void {
    const owner = this.database.records.get(key)?.owner;
    if (owner !== undefined) this.database.owners.get(owner)?.delete(key);
  }
}
