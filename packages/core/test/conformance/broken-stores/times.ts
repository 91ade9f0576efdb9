import type { SessionRecord } from "@sess/core";
import { ReferenceStore } from "@sess/test-support/reference-store";
import type { BrokenStore, StoreClass } from "./broken-store.ts";

/** A store that can write down only what `change` makes of a time. */
function keepingTimes(change: (time: number) => number): StoreClass {
  return class extends ReferenceStore {
    protected override put(handle: string, { createdAt, expiresAt, ...record }: SessionRecord) {
      const changed = { createdAt: change(createdAt), expiresAt: change(expiresAt) };
      super.put(handle, { ...record, ...changed });
    }
  };
}

const END_OF_9999 = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

export const times: readonly BrokenStore[] = [
  {
    name: "keeps times as seconds",
    sentence: 2,
    Store: keepingTimes((time) => Math.floor(time / 1_000) * 1_000),
  },
  {
    name: "keeps times as seconds of 32 bits",
    sentence: 2,
    Store: keepingTimes((time) => (Math.floor(time / 1_000) | 0) * 1_000 + (time % 1_000)),
  },
  {
    name: "keeps times as floating point numbers of 32 bits",
    sentence: 2,
    Store: keepingTimes(Math.fround),
  },
  {
    name: "keeps dates up to the year 9999",
    sentence: 2,
    Store: keepingTimes((time) => Math.min(time, END_OF_9999)),
  },
  {
    name: "keeps a time of 0 as the present",
    sentence: 2,
    Store: keepingTimes((time) => time || Date.now()),
  },
  {
    name: "compares times as text",
    sentence: 2,
    Store: class extends ReferenceStore {
      protected override isPast(instant: number) {
        return new Date(instant).toISOString() <= new Date(this.now()).toISOString();
      }
    },
  },
  {
    name: "ends a record when a timer of 32 bits fires",
    sentence: 2,
    Store: class extends ReferenceStore {
      protected override isPast(instant: number) {
        return super.isPast(instant) || instant - this.now() > 2 ** 31 - 1;
      }
    },
  },
  {
    name: "takes the time of its first save for createdAt",
    sentence: 2,
    Store: class extends ReferenceStore {
      protected override put(handle: string, record: SessionRecord) {
        super.put(handle, { ...record, createdAt: this.now() });
      }
    },
  },
  {
    name: "keeps the createdAt of the first save",
    sentence: 9,
    Store: class extends ReferenceStore {
      protected override put(handle: string, record: SessionRecord) {
        const createdAt = this.unexpired(handle)?.createdAt ?? record.createdAt;
        super.put(handle, { ...record, createdAt });
      }
    },
  },
  {
    name: "keeps the expiry of the first save",
    sentence: 2,
    Store: class extends ReferenceStore {
      override async save(handle: string, record: SessionRecord) {
        const expiresAt = this.unexpired(handle)?.expiresAt ?? record.expiresAt;
        return super.save(handle, { ...record, expiresAt });
      }
    },
  },
];
