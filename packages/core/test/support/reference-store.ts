import type { SessionRecord, Store } from "@sess/core";

export type Verb = "load" | "save" | "delete" | "touch" | "list" | "sweep" | "close";

export interface Call {
  readonly verb: Verb;
  /** The handle; undefined for the verbs that have none. */
  readonly key: string | undefined;
  /** From 1, of all calls since `forget()`. */
  readonly count: number;
}

/** Stands between a call and the store: `apply` does what was asked. */
export type Around = <T>(call: Call, apply: () => Promise<T>) => Promise<T>;

const straight: Around = (_, apply) => apply();

/** The contract in its plainest form, with open records and a place to interfere at each call. */
export class ReferenceStore implements Store {
  readonly records = new Map<string, SessionRecord>();
  readonly calls: Verb[] = [];
  around: Around = straight;

  load(key: string): Promise<SessionRecord | undefined> {
    return this.#call("load", key, () => copy(this.#live(key)));
  }

  save(key: string, record: SessionRecord): Promise<boolean> {
    const given = { ...record };
    return this.#call("save", key, () => {
      if ((this.#live(key)?.revision ?? 0) !== given.revision - 1) return false;
      this.records.set(key, given);
      return true;
    });
  }

  delete(key: string, revision?: number): Promise<boolean> {
    return this.#call("delete", key, () => {
      const record = this.records.get(key);
      if (record === undefined || (revision ?? record.revision) !== record.revision) return false;
      const live = this.#live(key);
      this.records.delete(key);
      return live !== undefined;
    });
  }

  touch(key: string, expiresAt: number, revision?: number): Promise<boolean> {
    return this.#call("touch", key, () => {
      const live = this.#live(key);
      if (live === undefined || (revision ?? live.revision) !== live.revision) return false;
      this.records.set(key, { ...live, expiresAt });
      return true;
    });
  }

  async *list(owner?: string): AsyncGenerator<readonly [string, SessionRecord]> {
    const keys = await this.#call("list", undefined, () => [...this.records.keys()]);
    for (const key of keys) {
      const live = this.#live(key);
      if (live !== undefined && (owner ?? live.owner) === live.owner) yield [key, { ...live }];
    }
  }

  sweep(): Promise<number> {
    return this.#call("sweep", undefined, () => {
      const expired = [...this.records.keys()].filter((key) => this.#live(key) === undefined);
      for (const key of expired) this.records.delete(key);
      return expired.length;
    });
  }

  close(): Promise<void> {
    return this.#call("close", undefined, () => {});
  }

  /** Starts to count, and to behave, anew. */
  forget(): void {
    this.calls.length = 0;
    this.around = straight;
  }

  #live(key: string): SessionRecord | undefined {
    const record = this.records.get(key);
    return record !== undefined && record.expiresAt > Date.now() ? record : undefined;
  }

  #call<T>(verb: Verb, key: string | undefined, task: () => T): Promise<T> {
    const count = this.calls.push(verb);
    return this.around({ verb, key, count }, async () => task());
  }
}

/** The three methods that each store has, and no optional one. */
export function bare(store: Store): Store {
  return {
    load: (key) => store.load(key),
    save: (key, record) => store.save(key, record),
    delete: (key, revision) => store.delete(key, revision),
  };
}

function copy(record: SessionRecord | undefined): SessionRecord | undefined {
  return record && { ...record };
}
