import type { SessionRecord } from "@sess/core";
import { pause, ReferenceStore } from "@sess/test-support/reference-store";
import type { BrokenStore } from "./broken-store.ts";

export const listing: readonly BrokenStore[] = [
  {
    name: "lists what has expired",
    sentence: 14,
    Store: class extends ReferenceStore {
      override async *list(owner?: string) {
        this.check();
        for (const [handle, record] of [...this.records]) {
          await pause();
          this.check();
          const listed = owner === undefined || record.owner === owner;
          if (listed && this.records.has(handle)) yield [handle, { ...record }] as const;
        }
      }
    },
  },
  {
    name: "lists a page of a thousand and stops",
    sentence: 14,
    Store: class extends ReferenceStore {
      override async *list(owner?: string) {
        let left = 1_000;
        for await (const entry of super.list(owner)) {
          yield entry;
          left -= 1;
          if (left === 0) return;
        }
      }
    },
  },
  {
    name: "pages through a changing list by offset",
    sentence: 14,
    Store: class extends ReferenceStore {
      override async *list(owner?: string) {
        this.check();
        for (let offset = 0; offset < this.records.size; offset += 10) {
          const page = [...this.records.keys()].slice(offset, offset + 10);
          for (const handle of page) {
            await pause();
            this.check();
            const live = this.live(handle);
            const listed = live && (owner === undefined || live.owner === owner);
            if (listed) yield [handle, { ...live }] as const;
          }
        }
      }
    },
  },
  {
    name: "lists for as long as its consumer creates sessions",
    sentence: 14,
    Store: class extends ReferenceStore {
      override async *list(owner?: string) {
        this.check();
        for (const handle of this.records.keys()) {
          this.check();
          const live = this.live(handle);
          const listed = live && (owner === undefined || live.owner === owner);
          if (listed) yield [handle, { ...live }] as const;
        }
      }
    },
  },
  {
    name: "has one cursor for all listings",
    sentence: 14,
    Store: class extends ReferenceStore {
      #cursor = 0;

      override async *list(owner?: string) {
        this.check();
        const handles = [...this.records.keys()];
        for (this.#cursor = 0; this.#cursor < handles.length; this.#cursor += 1) {
          const handle = handles[this.#cursor] ?? "";
          await pause();
          this.check();
          const live = this.live(handle);
          const listed = live && (owner === undefined || live.owner === owner);
          if (listed) yield [handle, { ...live }] as const;
        }
      }
    },
  },
  {
    name: "lists everything if the owner has no session",
    sentence: 5,
    Store: class extends ReferenceStore {
      override async *list(owner?: string) {
        let isEmpty = true;
        for await (const entry of super.list(owner)) {
          isEmpty = false;
          yield entry;
        }
        if (isEmpty) yield* super.list();
      }
    },
  },
  {
    name: "lists the sessions of owners whose names begin with the owner's",
    sentence: 3,
    Store: class extends ReferenceStore {
      protected override belongs(_: string, record: SessionRecord, owner: string) {
        return record.owner?.startsWith(owner) ?? false;
      }
    },
  },
  {
    name: "takes an owner for a pattern",
    sentence: 3,
    Store: class extends ReferenceStore {
      protected override belongs(_: string, record: SessionRecord, owner: string) {
        const escaped = owner.replaceAll(/[\\^$.|?+()[\]{}]/g, "\\$&");
        const source = escaped.replaceAll("*", ".*").replaceAll("%", ".*");
        return record.owner !== undefined && new RegExp(`^${source}$`, "s").test(record.owner);
      }
    },
  },
  {
    name: "lists a session under its former owners too",
    sentence: 14,
    Store: class extends ReferenceStore {
      readonly #owners = new Map<string, Set<string | undefined>>();

      protected override belongs(handle: string, _: SessionRecord, owner: string) {
        return this.#owners.get(handle)?.has(owner) ?? false;
      }

      protected override put(handle: string, record: SessionRecord) {
        const owners = this.#owners.get(handle) ?? new Set();
        this.#owners.set(handle, owners.add(record.owner));
        super.put(handle, record);
      }
    },
  },
  {
    name: "notes the owner at the first save only",
    sentence: 14,
    Store: class extends ReferenceStore {
      readonly #owners = new Map<string, string | undefined>();

      protected override belongs(handle: string, _: SessionRecord, owner: string) {
        return this.#owners.get(handle) === owner;
      }

      protected override put(handle: string, record: SessionRecord) {
        if (record.revision === 1) this.#owners.set(handle, record.owner);
        super.put(handle, record);
      }
    },
  },
  {
    name: "drops a session from its owner's list when it is touched",
    sentence: 14,
    Store: class extends ReferenceStore {
      readonly #touched = new Set<string>();

      override async touch(handle: string, expiresAt: number, revision?: number) {
        const touched = await super.touch(handle, expiresAt, revision);
        this.#touched.add(handle);
        return touched;
      }

      protected override belongs(handle: string, record: SessionRecord, owner: string) {
        return !this.#touched.has(handle) && super.belongs(handle, record, owner);
      }
    },
  },
];
