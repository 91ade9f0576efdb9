import type { SessionRecord } from "@sess/core";
import { pause, ReferenceStore } from "@sess/test-support/reference-store";
import type { BrokenStore } from "./broken-store.ts";

export const revision: readonly BrokenStore[] = [
  {
    name: "ignores the revision",
    sentence: 9,
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
    sentence: 9,
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
    sentence: 9,
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
    sentence: 9,
    Store: class extends ReferenceStore {
      override async save(handle: string, record: SessionRecord) {
        if (record.revision === 1) await this.delete(handle);
        return super.save(handle, record);
      }
    },
  },
  {
    name: "writes what it refuses",
    sentence: 9,
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
    sentence: 9,
    Store: class extends ReferenceStore {
      override async save(handle: string, record: SessionRecord) {
        await super.save(handle, record);
        return false;
      }
    },
  },
  {
    name: "counts touches as revisions",
    sentence: 13,
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
  {
    name: "writes a later revision over the same one",
    sentence: 9,
    Store: class extends ReferenceStore {
      override async save(handle: string, record: SessionRecord) {
        const live = this.unexpired(handle);
        if (live?.revision !== record.revision || record.revision === 1) {
          return super.save(handle, record);
        }
        return (await this.delete(handle)) && this.#revive(handle, record);
      }

      async #revive(handle: string, record: SessionRecord) {
        this.put(handle, { ...record });
        return true;
      }
    },
  },
  {
    name: "counts refused saves as revisions",
    sentence: 9,
    Store: class extends ReferenceStore {
      override async save(handle: string, record: SessionRecord) {
        const saved = await super.save(handle, record);
        const live = this.unexpired(handle);
        if (!saved && live) this.put(handle, { ...live, revision: live.revision + 1 });
        return saved;
      }
    },
  },
  {
    name: "lets a refused save extend the session",
    sentence: 9,
    Store: class extends ReferenceStore {
      override async save(handle: string, record: SessionRecord) {
        const { expiresAt } = record;
        const saved = await super.save(handle, record);
        const live = this.unexpired(handle);
        if (!saved && live) this.put(handle, { ...live, expiresAt });
        return saved;
      }
    },
  },
  {
    name: "refuses revision 1 where a session was deleted",
    sentence: 9,
    Store: class extends ReferenceStore {
      readonly #deleted = new Set<string>();

      override async save(handle: string, record: SessionRecord) {
        return !this.#deleted.has(handle) && super.save(handle, record);
      }

      protected override remove(handle: string) {
        this.#deleted.add(handle);
        super.remove(handle);
      }
    },
  },
  {
    name: "goes on with the revision of what was deleted",
    sentence: 9,
    Store: class extends ReferenceStore {
      readonly #deleted = new Map<string, SessionRecord>();

      override async save(handle: string, record: SessionRecord) {
        const former = this.#deleted.get(handle);
        if (this.unexpired(handle) || former?.revision !== record.revision - 1) {
          return super.save(handle, record);
        }
        this.put(handle, { ...record });
        return true;
      }

      protected override remove(handle: string) {
        const record = this.records.get(handle);
        if (record) this.#deleted.set(handle, record);
        super.remove(handle);
      }
    },
  },
  {
    name: "has one revision for all sessions",
    sentence: 9,
    Store: class extends ReferenceStore {
      #newest = 0;

      override async save(handle: string, record: SessionRecord) {
        const isNext = record.revision === 1 || record.revision === this.#newest + 1;
        return isNext && super.save(handle, record);
      }

      protected override put(handle: string, record: SessionRecord) {
        this.#newest = record.revision;
        super.put(handle, record);
      }
    },
  },
];
