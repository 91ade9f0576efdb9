import type { SessionRecord } from "@sess/core";
import { broken } from "./broken-store.ts";
import { pause, ReferenceStore } from "./reference-store.ts";

export const revision = [
  broken(
    "ignores the revision",
    "revision",
    ["expiry", "owner", "order", "copies", "factory", "parallel", "two connections"],
    class extends ReferenceStore {
      override async save(key: string, record: SessionRecord) {
        this.check();
        this.put(key, { ...record });
        return true;
      }
    },
  ),
  broken(
    "upserts a later revision over nothing",
    "revision",
    ["expiry", "copies", "owner", "parallel", "two connections"],
    class extends ReferenceStore {
      override async save(key: string, record: SessionRecord) {
        this.check();
        await pause();
        const live = this.live(key);
        if (live !== undefined && live.revision !== record.revision - 1) return false;
        this.put(key, { ...record });
        return true;
      }
    },
  ),
  broken(
    "takes any revision that is higher",
    "revision",
    ["expiry", "copies", "owner", "parallel", "two connections"],
    class extends ReferenceStore {
      override async save(key: string, record: SessionRecord) {
        this.check();
        await pause();
        if ((this.live(key)?.revision ?? 0) >= record.revision) return false;
        this.put(key, { ...record });
        return true;
      }
    },
  ),
  broken(
    "lets a first save overwrite another session",
    "revision",
    ["factory", "expiry", "copies", "owner", "parallel", "two connections"],
    class extends ReferenceStore {
      override async save(key: string, record: SessionRecord) {
        if (record.revision === 1) await this.delete(key);
        return super.save(key, record);
      }
    },
  ),
  broken(
    "writes what it refuses",
    "revision",
    ["expiry", "owner", "parallel", "two connections"],
    class extends ReferenceStore {
      override async save(key: string, record: SessionRecord) {
        const copy = { ...record };
        const saved = await super.save(key, copy);
        if (!saved) this.put(key, copy);
        return saved;
      }
    },
  ),
  broken(
    "answers nothing on save",
    "round-trip",
    "any",
    class extends ReferenceStore {
      override async save(key: string, record: SessionRecord) {
        await super.save(key, record);
        return false;
      }
    },
  ),
  broken(
    "counts touches as revisions",
    "touch",
    ["expiry", "owner", "order", "sweep", "parallel", "two connections"],
    class extends ReferenceStore {
      override async touch(key: string, expiresAt: number, revision?: number) {
        this.check();
        await pause();
        const record = this.live(key);
        if (record === undefined || (revision ?? record.revision) !== record.revision) return false;
        this.put(key, { ...record, expiresAt, revision: record.revision + 1 });
        return true;
      }
    },
  ),
];
