import type { SessionRecord } from "@sess/core";
import { FileStore, ServerClockStore } from "./file-store.ts";

/** A store that only another process shows to be wrong. */
interface BrokenFileStore {
  /** Completes "a store that …". */
  readonly name: string;
  /** The sentence of the contract that it breaks, by its number in `writing-a-store.md`. */
  readonly sentence: number;
  readonly Store: typeof FileStore;
}

/** Module state, which all stores of this process share, by path. */
const cache = new Map<string, SessionRecord>();
const misses = new Set<string>();
const owners = new Map<string, string | undefined>();
const revisions = new Map<string, number>();
const unwritten = new Map<string, SessionRecord>();

export const brokenFileStores: readonly BrokenFileStore[] = [
  {
    name: "checks and writes without a transaction",
    sentence: 9,
    Store: class extends FileStore {
      protected override locked<T>(call: () => T): T {
        return call();
      }
    },
  },
  {
    name: "takes its lock when it writes, after the check",
    sentence: 9,
    Store: class extends FileStore {
      override async save(handle: string, record: SessionRecord) {
        if ((this.live(handle)?.revision ?? 0) !== record.revision - 1) return false;
        return this.locked(() => {
          if (record.expiresAt <= this.now()) return false;
          this.write(handle, record);
          return true;
        });
      }
    },
  },
  {
    name: "locks other calls of its process out",
    sentence: 9,
    Store: class LockingStore extends FileStore {
      static #isLocked = false;

      protected override locked<T>(call: () => T): T {
        if (LockingStore.#isLocked) throw new Error("The lock is held.");
        LockingStore.#isLocked = true;
        try {
          return call();
        } finally {
          LockingStore.#isLocked = false;
        }
      }
    },
  },
  {
    name: "refuses a save when its lock is not granted",
    sentence: 9,
    Store: class extends FileStore {
      override async save(handle: string, record: SessionRecord) {
        if (!this.lock.tryAcquire()) return false;
        this.lock.release();
        return super.save(handle, record);
      }
    },
  },
  {
    name: "deletes without a transaction",
    sentence: 12,
    Store: class extends FileStore {
      override async delete(handle: string, revision?: number) {
        const live = this.live(handle);
        if (live === undefined || live.revision !== (revision ?? live.revision)) return false;
        this.remove(handle);
        return true;
      }
    },
  },
  {
    name: "touches without a transaction",
    sentence: 13,
    Store: class extends FileStore {
      override async touch(handle: string, expiresAt: number, revision?: number) {
        const live = this.live(handle);
        if (live === undefined || live.revision !== (revision ?? live.revision)) return false;
        if (expiresAt <= this.now()) return false;
        this.write(handle, { ...live, expiresAt });
        return true;
      }
    },
  },
  {
    name: "keeps records in a cache of its process",
    sentence: 6,
    Store: class extends FileStore {
      protected override read(handle: string) {
        const path = this.path(handle);
        const record = cache.get(path) ?? super.read(handle);
        if (record) cache.set(path, record);
        return record && { ...record };
      }

      protected override write(handle: string, record: SessionRecord) {
        cache.set(this.path(handle), { ...record });
        super.write(handle, record);
      }

      protected override remove(handle: string) {
        cache.delete(this.path(handle));
        super.remove(handle);
      }
    },
  },
  {
    name: "remembers in its process what was not there",
    sentence: 6,
    Store: class extends FileStore {
      protected override read(handle: string) {
        const path = this.path(handle);
        if (misses.has(path)) return undefined;
        const record = super.read(handle);
        if (record === undefined) misses.add(path);
        return record;
      }

      protected override write(handle: string, record: SessionRecord) {
        misses.delete(this.path(handle));
        super.write(handle, record);
      }
    },
  },
  {
    name: "indexes owners in its process",
    sentence: 6,
    Store: class extends FileStore {
      override async *list(owner?: string) {
        for await (const entry of super.list(owner)) {
          const known = owners.get(this.path(entry[0]));
          if (owner === undefined || known === owner) yield entry;
        }
      }

      protected override write(handle: string, record: SessionRecord) {
        owners.set(this.path(handle), record.owner);
        super.write(handle, record);
      }
    },
  },
  {
    name: "counts revisions in its process",
    sentence: 6,
    Store: class extends FileStore {
      protected override read(handle: string) {
        const record = super.read(handle);
        const revision = revisions.get(this.path(handle));
        return record && { ...record, revision: revision ?? record.revision };
      }

      protected override write(handle: string, record: SessionRecord) {
        revisions.set(this.path(handle), record.revision);
        super.write(handle, record);
      }

      protected override remove(handle: string) {
        revisions.delete(this.path(handle));
        super.remove(handle);
      }
    },
  },
  {
    name: "writes what it has acknowledged a moment later",
    sentence: 6,
    Store: class extends FileStore {
      protected override read(handle: string) {
        const record = unwritten.get(this.path(handle));
        return record ? { ...record } : super.read(handle);
      }

      protected override write(handle: string, record: SessionRecord) {
        const path = this.path(handle);
        unwritten.set(path, { ...record });
        setTimeout(() => {
          if (unwritten.delete(path)) super.write(handle, record);
        }, 20);
      }

      protected override remove(handle: string) {
        unwritten.delete(this.path(handle));
        super.remove(handle);
      }

      protected override handles() {
        const own = [...unwritten.keys()].filter((path) => path.startsWith(`${this.folder}/`));
        const names = own.map((path) => path.slice(this.folder.length + 1));
        return [...new Set([...super.handles(), ...names])];
      }
    },
  },
];

/** Each asks the clock of its process in one of its methods. */
export const brokenClockStores: readonly BrokenFileStore[] = [
  {
    name: "loads by the clock of its process",
    sentence: 7,
    Store: class extends ServerClockStore {
      override async load(handle: string) {
        const record = this.read(handle);
        return record && record.expiresAt > Date.now() ? super.load(handle) : undefined;
      }
    },
  },
  {
    name: "saves by the clock of its process",
    sentence: 7,
    Store: class extends ServerClockStore {
      override async save(handle: string, record: SessionRecord) {
        return record.expiresAt > Date.now() && super.save(handle, record);
      }
    },
  },
  {
    name: "touches by the clock of its process",
    sentence: 7,
    Store: class extends ServerClockStore {
      override async touch(handle: string, expiresAt: number, revision?: number) {
        return expiresAt > Date.now() && super.touch(handle, expiresAt, revision);
      }
    },
  },
  {
    name: "deletes by the clock of its process",
    sentence: 7,
    Store: class extends ServerClockStore {
      override async delete(handle: string, revision?: number) {
        const record = this.read(handle);
        return record && record.expiresAt > Date.now() ? super.delete(handle, revision) : false;
      }
    },
  },
  {
    name: "filters its list by the clock of its process",
    sentence: 7,
    Store: class extends ServerClockStore {
      override async *list(owner?: string) {
        for await (const entry of super.list(owner)) {
          if (entry[1].expiresAt > Date.now()) yield entry;
        }
      }
    },
  },
  {
    name: "sweeps by the clock of its process",
    sentence: 7,
    Store: class extends ServerClockStore {
      override async sweep() {
        const expired = this.handles().filter((handle) => {
          const record = this.read(handle);
          return record && record.expiresAt <= Date.now();
        });
        for (const handle of expired) this.remove(handle);
        return expired.length;
      }
    },
  },
];
