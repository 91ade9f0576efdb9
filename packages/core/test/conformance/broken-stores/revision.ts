import type { SessionRecord } from "@sess/core";
import { pause, ReferenceStore } from "@sess/test-support/reference-store";
import type { BrokenStore } from "./broken-store.ts";

export const revision: readonly BrokenStore[] = [
  {
    name: "ignores the revision",
    fails: "revision",
    mayFail: ["expiry", "owner", "order", "copies", "factory", "parallel", "two connections"],
    Store: class extends ReferenceStore {
      override async save(handle: string, record: SessionRecord) {
        this.check();
        this.put(handle, { ...record });
        return true;
      }
    },
  },
  {
    name: "writes a later revision where there is no record",
    fails: "revision",
    mayFail: ["expiry", "copies", "owner", "parallel", "two connections"],
    Store: class extends ReferenceStore {
      override async save(handle: string, record: SessionRecord) {
        this.check();
        await pause();
        const live = this.live(handle);
        if (live !== undefined && live.revision !== record.revision - 1) return false;
        this.put(handle, { ...record });
        return true;
      }
    },
  },
  {
    name: "takes any higher revision",
    fails: "revision",
    mayFail: ["expiry", "copies", "owner", "parallel", "two connections"],
    Store: class extends ReferenceStore {
      override async save(handle: string, record: SessionRecord) {
        this.check();
        await pause();
        if ((this.live(handle)?.revision ?? 0) >= record.revision) return false;
        this.put(handle, { ...record });
        return true;
      }
    },
  },
  {
    name: "lets a first save overwrite another session",
    fails: "revision",
    mayFail: ["factory", "expiry", "copies", "owner", "parallel", "two connections"],
    Store: class extends ReferenceStore {
      override async save(handle: string, record: SessionRecord) {
        if (record.revision === 1) await this.delete(handle);
        return super.save(handle, record);
      }
    },
  },
  {
    name: "writes what it refuses",
    fails: "revision",
    mayFail: ["expiry", "owner", "parallel", "two connections"],
    Store: class extends ReferenceStore {
      override async save(handle: string, record: SessionRecord) {
        const copy = { ...record };
        const saved = await super.save(handle, copy);
        if (!saved) this.put(handle, copy);
        return saved;
      }
    },
  },
  {
    name: "resolves every save to false",
    fails: "round-trip",
    mayFail: "any",
    Store: class extends ReferenceStore {
      override async save(handle: string, record: SessionRecord) {
        await super.save(handle, record);
        return false;
      }
    },
  },
  {
    name: "counts touches as revisions",
    fails: "touch",
    mayFail: ["expiry", "owner", "order", "sweep", "parallel", "two connections"],
    Store: class extends ReferenceStore {
      override async touch(handle: string, expiresAt: number, revision?: number) {
        this.check();
        await pause();
        const live = this.liveAt(handle, revision);
        if (live === undefined) return false;
        this.put(handle, { ...live, expiresAt, revision: live.revision + 1 });
        return true;
      }
    },
  },
];
