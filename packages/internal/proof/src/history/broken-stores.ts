import type { SessionRecord, Store } from "@sess/core";

/** A store that is right, with other calls coming between, as they do where there is an engine. */
class RightStore implements Store {
  protected readonly records = new Map<string, SessionRecord>();

  async load(key: string): Promise<SessionRecord | undefined> {
    await turn();
    return this.records.get(key);
  }

  async save(key: string, record: SessionRecord): Promise<boolean> {
    await turn();
    if (this.revision(key) !== record.revision - 1) return false;
    this.records.set(key, record);
    return true;
  }

  async delete(key: string, revision?: number): Promise<boolean> {
    await turn();
    if (revision !== undefined && this.revision(key) !== revision) return false;
    return this.records.delete(key);
  }

  async touch(key: string, expiresAt: number, revision?: number): Promise<boolean> {
    await turn();
    const record = this.records.get(key);
    if (record === undefined || (revision ?? record.revision) !== record.revision) return false;
    this.records.set(key, { ...record, expiresAt });
    return true;
  }

  protected revision(key: string): number {
    return this.records.get(key)?.revision ?? 0;
  }
}

class Forgetful extends RightStore {
  override async save(key: string, record: SessionRecord) {
    await turn();
    this.records.set(key, record);
    return true;
  }
}

class Reviving extends RightStore {
  override async save(key: string, record: SessionRecord) {
    await turn();
    if (this.records.has(key) && this.revision(key) !== record.revision - 1) return false;
    this.records.set(key, record);
    return true;
  }
}

class Torn extends RightStore {
  override async save(key: string, record: SessionRecord) {
    const isNext = this.revision(key) === record.revision - 1;
    await turn();
    if (isNext) this.records.set(key, record);
    return isNext;
  }
}

class Stale extends RightStore {
  readonly #cache = new Map<string, SessionRecord | undefined>();
  #loads = 0;

  override async load(key: string) {
    this.#loads += 1;
    if (this.#loads % 7 === 0) return this.#cache.get(key);
    const record = await super.load(key);
    this.#cache.set(key, record);
    return record;
  }
}

class Hasty extends RightStore {
  override async save(key: string, record: SessionRecord) {
    await turn();
    if (this.revision(key) !== record.revision - 1) return false;
    setImmediate(() => this.records.set(key, record));
    return true;
  }
}

class Careless extends RightStore {
  override async delete(key: string) {
    await turn();
    return this.records.delete(key);
  }
}

class WritingBack extends RightStore {
  override async touch(key: string, expiresAt: number, revision?: number) {
    const record = this.records.get(key);
    await turn();
    if (record === undefined || (revision ?? record.revision) !== record.revision) return false;
    this.records.set(key, { ...record, expiresAt });
    return true;
  }
}

class Mute extends RightStore {
  override async save(key: string, record: SessionRecord) {
    await super.save(key, record);
    return false;
  }
}

/** As a control, that the checker finds nothing where nothing is wrong. */
export const rightStore = (): Store => new RightStore();

/** What the checker must see, by what each does wrong. */
export const BROKEN_STORES: readonly (readonly [fault: string, create: () => Store])[] = [
  ["ignores the revision of a save", () => new Forgetful()],
  ["writes a later revision over nothing", () => new Reviving()],
  ["checks, lets others in, and writes", () => new Torn()],
  ["reads what was there before", () => new Stale()],
  ["answers before it has written", () => new Hasty()],
  ["ignores the revision of a delete", () => new Careless()],
  ["writes back at a touch what it read before", () => new WritingBack()],
  ["says that it did not save what it saved", () => new Mute()],
];

function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
