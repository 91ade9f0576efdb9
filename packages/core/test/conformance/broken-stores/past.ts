import type { SessionRecord } from "@sess/core";
import { pause, ReferenceStore } from "@sess/test-support/reference-store";
import type { BrokenStore } from "./broken-store.ts";

/** Removes what it saw expire, after other calls had their turn, and without another look. */
class LazyStore extends ReferenceStore {
  protected async clean(handle: string): Promise<void> {
    const record = this.records.get(handle);
    if (record === undefined || !this.isPast(record.expiresAt)) return;
    await pause();
    await pause();
    this.remove(handle);
  }
}

/** What an expiry that has passed does to a store. */
export const past: readonly BrokenStore[] = [
  {
    name: "removes what a load saw expire, whatever is there by then",
    sentence: 10,
    Store: class extends LazyStore {
      override async load(handle: string) {
        this.check();
        await this.clean(handle);
        return super.load(handle);
      }
    },
  },
  {
    name: "removes what a delete saw expire, whatever is there by then",
    sentence: 10,
    Store: class extends LazyStore {
      override async delete(handle: string, revision?: number) {
        this.check();
        await this.clean(handle);
        return super.delete(handle, revision);
      }
    },
  },
  {
    name: "removes what a touch saw expire, whatever is there by then",
    sentence: 10,
    Store: class extends LazyStore {
      override async touch(handle: string, expiresAt: number, revision?: number) {
        this.check();
        await this.clean(handle);
        return super.touch(handle, expiresAt, revision);
      }
    },
  },
  {
    name: "removes what a stale save saw expire, whatever is there by then",
    sentence: 10,
    Store: class extends LazyStore {
      override async save(handle: string, record: SessionRecord) {
        const copy = { ...record };
        this.check();
        if (copy.revision > 1) await this.clean(handle);
        return super.save(handle, copy);
      }
    },
  },
  {
    name: "removes what a list saw expire, whatever is there by then",
    sentence: 10,
    Store: class extends LazyStore {
      override async *list(owner?: string) {
        this.check();
        const expired = this.expired();
        yield* super.list(owner);
        for (const handle of expired) this.remove(handle);
      }
    },
  },
  {
    name: "takes an expired record for live when a first save comes",
    sentence: 10,
    Store: class extends ReferenceStore {
      override async save(handle: string, record: SessionRecord) {
        return record.revision === 1 && this.records.has(handle)
          ? this.load(handle).then(() => false)
          : super.save(handle, record);
      }
    },
  },
  {
    name: "lets a later save revive what expired",
    sentence: 10,
    Store: class extends ReferenceStore {
      override async save(handle: string, record: SessionRecord) {
        const copy = { ...record };
        const expired = this.records.get(handle);
        if (!(await super.save(handle, copy))) {
          if (expired?.revision !== copy.revision - 1 || this.unexpired(handle)) return false;
          this.put(handle, copy);
        }
        return true;
      }
    },
  },
  {
    name: "writes a record that has expired already",
    sentence: 10,
    Store: class extends ReferenceStore {
      override async save(handle: string, record: SessionRecord) {
        const copy = { ...record };
        const saved = await super.save(handle, copy);
        return saved || (copy.revision === 1 && this.isPast(copy.expiresAt));
      }
    },
  },
  {
    name: "ends a session whose next save has expired already",
    sentence: 10,
    Store: class extends ReferenceStore {
      override async save(handle: string, record: SessionRecord) {
        const { expiresAt } = record;
        const saved = await super.save(handle, record);
        if (this.isPast(expiresAt)) this.remove(handle);
        return saved;
      }
    },
  },
  {
    name: "ends a session that is touched into the past",
    sentence: 13,
    Store: class extends ReferenceStore {
      override async touch(handle: string, expiresAt: number, revision?: number) {
        if (!this.isPast(expiresAt)) return super.touch(handle, expiresAt, revision);
        return this.delete(handle, revision);
      }
    },
  },
  {
    name: "resolves a touch into the past to true, although it changes nothing",
    sentence: 13,
    Store: class extends ReferenceStore {
      override async touch(handle: string, expiresAt: number, revision?: number) {
        const touched = await super.touch(handle, expiresAt, revision);
        return touched || (this.isPast(expiresAt) && this.unexpired(handle) !== undefined);
      }
    },
  },
  {
    name: "refuses to touch into the past only what is further away than a second",
    sentence: 13,
    Store: class extends ReferenceStore {
      override async touch(handle: string, expiresAt: number, revision?: number) {
        const isBarelyPast = this.isPast(expiresAt) && expiresAt > this.now() - 1_000;
        if (!isBarelyPast) return super.touch(handle, expiresAt, revision);
        return this.delete(handle, revision);
      }
    },
  },
];
