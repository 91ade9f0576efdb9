import { pause, ReferenceStore } from "@sess/test-support/reference-store";
import type { BrokenStore } from "./broken-store.ts";

const YEAR = 365 * 24 * 3_600_000;

export const lifetime: readonly BrokenStore[] = [
  {
    name: "ignores expiry",
    sentence: 2,
    Store: class extends ReferenceStore {
      protected override live(handle: string) {
        return this.records.get(handle);
      }
    },
  },
  {
    name: "lets a record live at its expiresAt",
    sentence: 2,
    Store: class extends ReferenceStore {
      protected override live(handle: string) {
        const record = this.records.get(handle);
        return record && record.expiresAt >= this.now() ? record : undefined;
      }
    },
  },
  {
    name: "ends a record one millisecond early",
    sentence: 2,
    Store: class extends ReferenceStore {
      protected override live(handle: string) {
        const record = this.records.get(handle);
        return record && record.expiresAt > this.now() + 1 ? record : undefined;
      }
    },
  },
  {
    name: "takes an expiry of more than a year for past",
    sentence: 2,
    Store: class extends ReferenceStore {
      protected override live(handle: string) {
        const record = super.live(handle);
        return record && record.expiresAt - this.now() < YEAR ? record : undefined;
      }
    },
  },
  {
    name: "filters expired records in load() only",
    sentence: 10,
    Store: class extends ReferenceStore {
      override async load(handle: string) {
        const record = await super.load(handle);
        return record && record.expiresAt > this.now() ? record : undefined;
      }

      protected override live(handle: string) {
        return this.records.get(handle);
      }
    },
  },
  {
    name: "rounds times to seconds",
    sentence: 2,
    Store: class extends ReferenceStore {
      override async load(handle: string) {
        const record = await super.load(handle);
        return record && { ...record, createdAt: Math.floor(record.createdAt / 1_000) * 1_000 };
      }
    },
  },
  {
    name: "revives on touch",
    sentence: 13,
    Store: class extends ReferenceStore {
      override async touch(handle: string, expiresAt: number) {
        this.check();
        await pause();
        const empty = { revision: 1, createdAt: this.now(), data: "" };
        this.put(handle, { ...(this.records.get(handle) ?? empty), expiresAt });
        return true;
      }
    },
  },
  {
    name: "writes back old data on touch",
    sentence: 13,
    Store: class extends ReferenceStore {
      override async touch(handle: string, expiresAt: number, revision?: number) {
        this.check();
        const live = this.liveAt(handle, revision);
        await pause();
        if (live === undefined) return false;
        this.put(handle, { ...live, expiresAt });
        return true;
      }
    },
  },
  {
    name: "forgets the owner on touch",
    sentence: 13,
    Store: class extends ReferenceStore {
      override async touch(handle: string, expiresAt: number, revision?: number) {
        const touched = await super.touch(handle, expiresAt, revision);
        const record = this.live(handle);
        if (touched && record) {
          const { owner: _, ...rest } = record;
          this.put(handle, rest);
        }
        return touched;
      }
    },
  },
  {
    name: "ignores the revision of a touch",
    sentence: 13,
    Store: class extends ReferenceStore {
      override touch(handle: string, expiresAt: number) {
        return super.touch(handle, expiresAt);
      }
    },
  },
  {
    name: "moves the expiry ahead only",
    sentence: 13,
    Store: class extends ReferenceStore {
      override async touch(handle: string, expiresAt: number, revision?: number) {
        const later = Math.max(expiresAt, this.live(handle)?.expiresAt ?? 0);
        return super.touch(handle, later, revision);
      }
    },
  },
];
