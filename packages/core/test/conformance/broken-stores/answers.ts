import type { SessionRecord } from "@sess/core";
import { ReferenceStore } from "@sess/test-support/reference-store";
import type { BrokenStore } from "./broken-store.ts";

/** Answers of another kind than the contract's. Its types exclude some; stores in JavaScript have them. */
function answering(change: (store: ReferenceStore) => object): BrokenStore["Store"] {
  return class extends ReferenceStore {
    constructor(...options: ConstructorParameters<BrokenStore["Store"]>) {
      super(...options);
      Object.assign(this, change(this));
    }
  };
}

const { load, save, delete: remove, touch, sweep } = ReferenceStore.prototype;

export const answers: readonly BrokenStore[] = [
  {
    name: "loads null where there is nothing",
    sentence: 5,
    Store: answering((store) => ({
      load: async (handle: string) => (await load.call(store, handle)) ?? null,
    })),
  },
  {
    name: "rejects a load of what is not there",
    sentence: 5,
    Store: class extends ReferenceStore {
      override async load(handle: string) {
        const record = await super.load(handle);
        if (record === undefined) throw new Error("not found");
        return record;
      }
    },
  },
  {
    name: "rejects a touch of what is not there",
    sentence: 5,
    Store: class extends ReferenceStore {
      override async touch(handle: string, expiresAt: number, revision?: number) {
        if (!(await super.touch(handle, expiresAt, revision))) throw new Error("not found");
        return true;
      }
    },
  },
  {
    name: "rejects a list of an owner without sessions",
    sentence: 5,
    Store: class extends ReferenceStore {
      override async *list(owner?: string) {
        let isEmpty = true;
        for await (const entry of super.list(owner)) {
          isEmpty = false;
          yield entry;
        }
        if (isEmpty && owner !== undefined) throw new Error("no such owner");
      }
    },
  },
  {
    name: "rejects a stale save",
    sentence: 9,
    Store: class extends ReferenceStore {
      override async save(handle: string, record: SessionRecord) {
        if (!(await super.save(handle, record))) throw new Error("conflict");
        return true;
      }
    },
  },
  {
    name: "resolves a save to the number of rows",
    sentence: 9,
    Store: answering((store) => ({
      save: async (handle: string, record: SessionRecord) =>
        (await save.call(store, handle, record)) ? 1 : 0,
    })),
  },
  {
    name: "resolves a save to nothing",
    sentence: 9,
    Store: answering((store) => ({
      save: async (handle: string, record: SessionRecord) => {
        await save.call(store, handle, record);
      },
    })),
  },
  {
    name: "resolves a save that it refuses to true",
    sentence: 9,
    Store: class extends ReferenceStore {
      override async save(handle: string, record: SessionRecord) {
        await super.save(handle, record);
        return true;
      }
    },
  },
  {
    name: "resolves a delete to nothing",
    sentence: 12,
    Store: answering((store) => ({
      delete: async (...call: Parameters<typeof remove>) => {
        await remove.apply(store, call);
      },
    })),
  },
  {
    name: "resolves a touch to nothing",
    sentence: 13,
    Store: answering((store) => ({
      touch: async (...call: Parameters<typeof touch>) => {
        await touch.apply(store, call);
      },
    })),
  },
  {
    name: "resolves every touch to true",
    sentence: 13,
    Store: class extends ReferenceStore {
      override async touch(handle: string, expiresAt: number, revision?: number) {
        await super.touch(handle, expiresAt, revision);
        return true;
      }
    },
  },
  {
    name: "resolves a sweep to nothing",
    sentence: 16,
    Store: answering((store) => ({
      sweep: async () => {
        await sweep.call(store);
      },
    })),
  },
  {
    name: "loads a record with its handle in it",
    sentence: 3,
    Store: answering((store) => ({
      load: async (handle: string) => {
        const record = await load.call(store, handle);
        return record && { ...record, handle };
      },
    })),
  },
];
