import type { SaveOptions, SessionRecord } from "@sess/core";
import {
  pause,
  ReferenceStore,
  type ReferenceStoreOptions,
} from "@sess/test-support/reference-store";
import type { BrokenStore } from "./broken-store.ts";

/** What is there later, and in a store that is opened again. */
export const durability: readonly BrokenStore[] = [
  {
    name: "writes every durable save, whatever its revision",
    sentence: 19,
    Store: class extends ReferenceStore {
      override async save(handle: string, record: SessionRecord, options?: SaveOptions) {
        const copy = { ...record };
        const saved = await super.save(handle, copy);
        if (options?.durable) this.put(handle, copy);
        return saved || options?.durable === true;
      }
    },
  },
  {
    name: "refuses what it does not know beside a record",
    sentence: 19,
    Store: class extends ReferenceStore {
      override async save(handle: string, record: SessionRecord, options?: SaveOptions) {
        if (options !== undefined) throw new TypeError("save() takes two arguments.");
        return super.save(handle, record);
      }
    },
  },
  {
    name: "checks a durable save before other calls have their turn, and writes it after",
    sentence: 19,
    Store: class extends ReferenceStore {
      override async save(handle: string, record: SessionRecord, options?: SaveOptions) {
        const copy = { ...record };
        if (!options?.durable) return super.save(handle, copy);
        this.check();
        await pause();
        // It takes the durable path for what its owner's list needs no longer.
        const { owner: _, ...ownerless } = copy;
        return super.save(handle, ownerless);
      }
    },
  },
  {
    name: "is emptied when it is opened",
    sentence: 6,
    Store: class extends ReferenceStore {
      constructor(options: ReferenceStoreOptions) {
        super(options);
        this.records.clear();
      }
    },
  },
  {
    name: "removes live sessions of before when it is opened",
    sentence: 6,
    Store: class extends ReferenceStore {
      constructor(options: ReferenceStoreOptions) {
        super(options);
        for (const [handle, { revision }] of this.records) {
          if (revision > 1) this.records.delete(handle);
        }
      }
    },
  },
  {
    name: "is emptied when it is closed",
    sentence: 6,
    Store: class extends ReferenceStore {
      override async close() {
        await super.close();
        this.records.clear();
      }
    },
  },
  {
    name: "keeps its newest saves in the process",
    sentence: 6,
    Store: class extends ReferenceStore {
      readonly #newest = new Map<string, SessionRecord>();

      protected override unexpired(handle: string) {
        const newest = this.#newest.get(handle);
        return newest && !this.isPast(newest.expiresAt) ? newest : super.unexpired(handle);
      }

      protected override put(handle: string, record: SessionRecord) {
        // Every eighth save of a session is written down, and its first.
        if (record.revision % 8 === 1) {
          this.#newest.delete(handle);
          super.put(handle, record);
        } else this.#newest.set(handle, record);
      }

      protected override remove(handle: string) {
        this.#newest.delete(handle);
        super.remove(handle);
      }
    },
  },
  {
    name: "keeps what was deleted in mind, not in the engine",
    sentence: 6,
    Store: class extends ReferenceStore {
      readonly #deleted = new Set<string>();

      protected override unexpired(handle: string) {
        return this.#deleted.has(handle) ? undefined : super.unexpired(handle);
      }

      protected override put(handle: string, record: SessionRecord) {
        this.#deleted.delete(handle);
        super.put(handle, record);
      }

      protected override remove(handle: string) {
        this.#deleted.add(handle);
      }
    },
  },
  {
    name: "keeps an expiry that was touched in mind, not in the engine",
    sentence: 13,
    Store: class extends ReferenceStore {
      readonly #touched = new Map<string, number>();

      override async touch(handle: string, expiresAt: number, revision?: number) {
        const record = this.records.get(handle);
        const touched = await super.touch(handle, expiresAt, revision);
        if (touched && record) {
          super.put(handle, record);
          this.#touched.set(handle, expiresAt);
        }
        return touched;
      }

      protected override unexpired(handle: string) {
        const record = this.records.get(handle);
        const expiresAt = this.#touched.get(handle) ?? record?.expiresAt;
        if (record === undefined || expiresAt === undefined || this.isPast(expiresAt)) {
          return undefined;
        }
        return { ...record, expiresAt };
      }

      protected override put(handle: string, record: SessionRecord) {
        this.#touched.delete(handle);
        super.put(handle, record);
      }
    },
  },
  {
    name: "keeps 255 revisions of a session",
    sentence: 9,
    Store: class extends ReferenceStore {
      protected override put(handle: string, record: SessionRecord) {
        super.put(handle, { ...record, revision: record.revision % 256 });
      }
    },
  },
];
