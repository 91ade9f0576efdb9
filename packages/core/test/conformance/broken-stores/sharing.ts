import type { SessionRecord } from "@sess/core";
import {
  pause,
  ReferenceStore,
  type ReferenceStoreOptions,
} from "@sess/test-support/reference-store";
import type { BrokenStore } from "./broken-store.ts";

export const sharing: readonly BrokenStore[] = [
  {
    name: "keeps the record that it is given",
    sentence: 4,
    Store: class extends ReferenceStore {
      override async save(handle: string, record: SessionRecord) {
        this.check();
        await pause();
        if ((this.live(handle)?.revision ?? 0) !== record.revision - 1) return false;
        this.put(handle, record);
        return true;
      }
    },
  },
  {
    name: "reads the record that it is given after save() has returned",
    sentence: 4,
    Store: class extends ReferenceStore {
      override async save(handle: string, record: SessionRecord) {
        await pause();
        return super.save(handle, record);
      }
    },
  },
  {
    name: "hands out the record that it keeps",
    sentence: 4,
    Store: class extends ReferenceStore {
      override async load(handle: string) {
        this.check();
        await pause();
        return this.live(handle);
      }
    },
  },
  {
    name: "lists the records that it keeps",
    sentence: 4,
    Store: class extends ReferenceStore {
      override async *list(owner?: string) {
        for await (const [handle] of super.list(owner)) {
          const live = this.live(handle);
          if (live) yield [handle, live] as const;
        }
      }
    },
  },
  {
    name: "writes to the record that it is given",
    sentence: 4,
    Store: class extends ReferenceStore {
      override async save(handle: string, record: SessionRecord) {
        const copy = { ...record };
        Object.assign(record, { handle });
        return super.save(handle, copy);
      }
    },
  },
  {
    name: "loads an empty record where there is none",
    sentence: 5,
    Store: class extends ReferenceStore {
      override async load(handle: string) {
        const empty = { revision: 0, createdAt: 0, expiresAt: 0, data: "" };
        return (await super.load(handle)) ?? empty;
      }
    },
  },
  {
    name: "loads an owner of undefined where there is none",
    sentence: 3,
    Store: class extends ReferenceStore {
      override async load(handle: string) {
        const record = await super.load(handle);
        if (record && record.owner === undefined) Object.assign(record, { owner: undefined });
        return record;
      }
    },
  },
  {
    name: "merges a later record into the former",
    sentence: 9,
    Store: class extends ReferenceStore {
      protected override put(handle: string, record: SessionRecord) {
        super.put(handle, { ...this.records.get(handle), ...record });
      }
    },
  },
  {
    name: "shares its data with every other store",
    sentence: "createStore",
    Store: class SharedStore extends ReferenceStore {
      static readonly #records = new Map<string, SessionRecord>();

      constructor(options: ReferenceStoreOptions) {
        super({ ...options, records: SharedStore.#records });
      }
    },
  },
];
