import { SessionError, type SessionRecord } from "@sess/core";
import { ReferenceStore, type ReferenceStoreOptions } from "@sess/test-support/reference-store";
import type { BrokenStore } from "./broken-store.ts";

const tooLarge = () => new SessionError("DATA_TOO_LARGE", "It is too large.");

/** A store that has its own idea of `maxBytes`. */
class LimitedStore extends ReferenceStore {
  protected get limit(): number {
    return this.maxBytes ?? Number.POSITIVE_INFINITY;
  }

  protected exceeds({ data }: SessionRecord): boolean {
    return Buffer.byteLength(data) > this.limit;
  }
}

/** What a store holds, and says that it holds. */
export const limits: readonly BrokenStore[] = [
  {
    name: "says its size in mebibytes",
    sentence: 18,
    Store: class extends ReferenceStore {
      constructor(options: ReferenceStoreOptions) {
        super({ ...options, maxBytes: 1.5 });
      }

      protected override checkSize() {}
    },
  },
  {
    name: "counts characters, not bytes",
    sentence: 18,
    Store: class extends LimitedStore {
      protected override checkSize({ data }: SessionRecord) {
        if (data.length > this.limit) throw tooLarge();
      }
    },
  },
  {
    name: "holds a byte less than it says",
    sentence: 18,
    Store: class extends LimitedStore {
      protected override checkSize({ data }: SessionRecord) {
        if (Buffer.byteLength(data) >= this.limit) throw tooLarge();
      }
    },
  },
  {
    name: "holds more than it says",
    sentence: 18,
    Store: class extends LimitedStore {
      protected override checkSize() {}
    },
  },
  {
    name: "cuts what is too large",
    sentence: 18,
    Store: class extends LimitedStore {
      protected override checkSize() {}

      protected override put(handle: string, record: SessionRecord) {
        super.put(handle, { ...record, data: record.data.slice(0, this.limit) });
      }
    },
  },
  {
    name: "refuses what is too large as if it were stale",
    sentence: 18,
    Store: class extends LimitedStore {
      override async save(handle: string, record: SessionRecord) {
        return !this.exceeds(record) && super.save(handle, record);
      }
    },
  },
  {
    name: "rejects what is too large as a failure of the engine",
    sentence: 18,
    Store: class extends LimitedStore {
      protected override checkSize(record: SessionRecord) {
        if (this.exceeds(record)) throw new SessionError("STORE_UNAVAILABLE", "Too large.");
      }
    },
  },
  {
    name: "ends a session whose next save is too large",
    sentence: 18,
    Store: class extends LimitedStore {
      override async save(handle: string, record: SessionRecord) {
        if (this.exceeds(record)) this.remove(handle);
        return super.save(handle, record);
      }
    },
  },
  {
    name: "holds less than a mebibyte and does not say so",
    sentence: 3,
    Store: class extends ReferenceStore {
      protected override put(handle: string, record: SessionRecord) {
        super.put(handle, { ...record, data: record.data.slice(0, 400_000) });
      }
    },
  },
];
