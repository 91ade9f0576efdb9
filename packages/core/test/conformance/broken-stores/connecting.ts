import type { SessionRecord } from "@sess/core";
import { ReferenceStore, type ReferenceStoreOptions } from "@sess/test-support/reference-store";
import type { BrokenStore } from "./broken-store.ts";

/** What each connection believes to know by itself. */
export const connecting: readonly BrokenStore[] = [
  {
    name: "remembers what was not there",
    sentence: 6,
    Store: class extends ReferenceStore {
      readonly #misses = new Set<string>();

      override async load(handle: string) {
        this.check();
        if (this.#misses.has(handle)) return undefined;
        const record = await super.load(handle);
        if (record === undefined) this.#misses.add(handle);
        return record;
      }

      protected override put(handle: string, record: SessionRecord) {
        this.#misses.delete(handle);
        super.put(handle, record);
      }
    },
  },
  {
    name: "remembers what was not there, also when it has been saved",
    sentence: 6,
    Store: class extends ReferenceStore {
      readonly #misses = new Set<string>();

      override async load(handle: string) {
        this.check();
        if (this.#misses.has(handle)) return undefined;
        const record = await super.load(handle);
        if (record === undefined) this.#misses.add(handle);
        return record;
      }
    },
  },
  {
    name: "remembers what it deleted itself",
    sentence: 6,
    Store: class extends ReferenceStore {
      readonly #deleted = new Set<string>();

      override async load(handle: string) {
        this.check();
        return this.#deleted.has(handle) ? undefined : super.load(handle);
      }

      protected override put(handle: string, record: SessionRecord) {
        this.#deleted.delete(handle);
        super.put(handle, record);
      }

      protected override remove(handle: string) {
        this.#deleted.add(handle);
        super.remove(handle);
      }
    },
  },
  {
    name: "remembers an owner without sessions",
    sentence: 6,
    Store: class extends ReferenceStore {
      readonly #without = new Set<string>();

      override async *list(owner?: string) {
        this.check();
        if (owner !== undefined && this.#without.has(owner)) return;
        let isEmpty = true;
        for await (const entry of super.list(owner)) {
          isEmpty = false;
          yield entry;
        }
        if (owner !== undefined && isEmpty) this.#without.add(owner);
      }

      protected override put(handle: string, record: SessionRecord) {
        if (record.owner !== undefined) this.#without.delete(record.owner);
        super.put(handle, record);
      }
    },
  },
  {
    name: "knows only the sessions that are saved while it is open",
    sentence: 6,
    Store: class extends ReferenceStore {
      readonly #before: ReadonlySet<SessionRecord>;

      constructor(options: ReferenceStoreOptions) {
        super(options);
        this.#before = new Set(this.records.values());
      }

      protected override unexpired(handle: string) {
        const record = super.unexpired(handle);
        return record && this.#before.has(record) ? undefined : record;
      }
    },
  },
  {
    name: "lists only the sessions that are saved while it is open",
    sentence: 6,
    Store: class extends ReferenceStore {
      readonly #before: ReadonlySet<string>;

      constructor(options: ReferenceStoreOptions) {
        super(options);
        this.#before = new Set(this.records.keys());
      }

      protected override belongs(handle: string, record: SessionRecord, owner: string) {
        return !this.#before.has(handle) && super.belongs(handle, record, owner);
      }
    },
  },
  {
    name: "indexes owners for each connection by itself",
    sentence: 6,
    Store: class extends ReferenceStore {
      readonly #owners = new Map<string, string | undefined>();

      protected override belongs(handle: string, record: SessionRecord, owner: string) {
        return this.#owners.get(handle) === owner && super.belongs(handle, record, owner);
      }

      protected override put(handle: string, record: SessionRecord) {
        this.#owners.set(handle, record.owner);
        super.put(handle, record);
      }
    },
  },
  {
    name: "sweeps only what it has saved itself",
    sentence: 16,
    Store: class extends ReferenceStore {
      readonly #own = new Set<string>();

      protected override expired() {
        return super.expired().filter((handle) => this.#own.has(handle));
      }

      protected override put(handle: string, record: SessionRecord) {
        this.#own.add(handle);
        super.put(handle, record);
      }
    },
  },
  {
    name: "counts the revisions of its own saves only",
    sentence: 6,
    Store: class extends ReferenceStore {
      readonly #revisions = new Map<string, number>();

      override async save(handle: string, record: SessionRecord) {
        const known = this.#revisions.get(handle);
        const expected = (known ?? this.unexpired(handle)?.revision ?? 0) + 1;
        if (record.revision !== expected) {
          await super.save(handle, { ...record, revision: 0 });
          return false;
        }
        return super.save(handle, record);
      }

      protected override put(handle: string, record: SessionRecord) {
        this.#revisions.set(handle, record.revision);
        super.put(handle, record);
      }

      protected override remove(handle: string) {
        this.#revisions.delete(handle);
        super.remove(handle);
      }
    },
  },
  {
    name: "loses what one connection is saving when it is closed",
    sentence: 17,
    Store: class extends ReferenceStore {
      protected override put(handle: string, record: SessionRecord) {
        if (!this.isClosed) super.put(handle, record);
      }
    },
  },
];
