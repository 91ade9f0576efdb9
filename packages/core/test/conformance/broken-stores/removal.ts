import { pause, ReferenceStore } from "@sess/test-support/reference-store";
import type { BrokenStore } from "./broken-store.ts";

export const removal: readonly BrokenStore[] = [
  {
    name: "ignores the revision of a delete",
    sentence: 12,
    Store: class extends ReferenceStore {
      override delete(handle: string) {
        return super.delete(handle);
      }
    },
  },
  {
    name: "resolves every delete to true",
    sentence: 5,
    Store: class extends ReferenceStore {
      override async delete(handle: string, revision?: number) {
        await super.delete(handle, revision);
        return true;
      }
    },
  },
  {
    name: "rejects a delete of what is not there",
    sentence: 5,
    Store: class extends ReferenceStore {
      override async delete(handle: string, revision?: number) {
        if (!(await super.delete(handle, revision))) throw new Error("not found");
        return true;
      }
    },
  },
  {
    name: "keeps a record that is deleted with its revision",
    sentence: 12,
    Store: class extends ReferenceStore {
      override async delete(handle: string, revision?: number) {
        if (revision === undefined) return super.delete(handle);
        return (await this.load(handle))?.revision === revision;
      }
    },
  },
  {
    name: "counts the removal of an expired record as that of a live one",
    sentence: 12,
    Store: class extends ReferenceStore {
      override async delete(handle: string, revision?: number) {
        const expired = this.records.has(handle) && this.live(handle) === undefined;
        if (expired) this.remove(handle);
        return expired || super.delete(handle, revision);
      }
    },
  },
  {
    name: "resolves a delete before it has removed the record",
    sentence: 6,
    Store: class extends ReferenceStore {
      protected override remove(handle: string) {
        setImmediate(() => super.remove(handle));
      }
    },
  },
  {
    name: "takes revision 0 of a delete for none",
    sentence: 12,
    Store: class extends ReferenceStore {
      override delete(handle: string, revision?: number) {
        return super.delete(handle, revision || undefined);
      }
    },
  },
  {
    name: "deletes the given revision and older ones",
    sentence: 12,
    Store: class extends ReferenceStore {
      override async delete(handle: string, revision?: number) {
        const live = this.unexpired(handle)?.revision ?? 0;
        return super.delete(handle, revision && Math.min(revision, live));
      }
    },
  },
  {
    name: "deletes all sessions of the owner",
    sentence: 12,
    Store: class extends ReferenceStore {
      override async delete(handle: string, revision?: number) {
        const owner = this.unexpired(handle)?.owner;
        const deleted = await super.delete(handle, revision);
        if (!deleted || owner === undefined) return deleted;
        for (const [other, record] of this.records) if (record.owner === owner) this.remove(other);
        return true;
      }
    },
  },
  {
    name: "empties a record that is deleted",
    sentence: 12,
    Store: class extends ReferenceStore {
      protected override remove(handle: string) {
        const record = this.records.get(handle);
        if (record) this.put(handle, { ...record, data: "" });
      }
    },
  },
  {
    name: "deletes between check and write of another call",
    sentence: 12,
    Store: class extends ReferenceStore {
      override async delete(handle: string, revision?: number) {
        this.check();
        const found = this.liveAt(handle, revision);
        await pause();
        await pause();
        if (found) this.remove(handle);
        return found !== undefined;
      }
    },
  },
];
