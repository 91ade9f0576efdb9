import type { SessionRecord } from "@sess/core";
import { pause, ReferenceStore } from "@sess/test-support/reference-store";
import type { BrokenStore } from "./broken-store.ts";

/** Reads its records page by page. `page` returns the handles behind the last one that was yielded. */
abstract class PagingStore extends ReferenceStore {
  protected abstract page(last: string | undefined, yielded: number): string[];

  override async *list(owner?: string) {
    this.check();
    let last: string | undefined;
    let yielded = 0;
    for (;;) {
      const page = this.page(last, yielded);
      if (page.length === 0) return;
      for (const handle of page) {
        await pause();
        this.check();
        last = handle;
        yielded += 1;
        const live = this.live(handle);
        const isTheirs = owner === undefined || live?.owner === owner;
        if (live && isTheirs) yield [handle, { ...live }] as const;
      }
    }
  }

  protected sorted(): string[] {
    return [...this.records.keys()].sort();
  }
}

/** Pages of a list that change while they are read. */
export const paging: readonly BrokenStore[] = [
  {
    name: "pages by offset through what its consumer deletes from",
    sentence: 14,
    Store: class extends PagingStore {
      protected override page(_: string | undefined, yielded: number) {
        return this.sorted().slice(yielded, yielded + 100);
      }
    },
  },
  {
    name: "pages by a time that many sessions have in common",
    sentence: 14,
    Store: class extends PagingStore {
      readonly #times = new Map<string, number>();

      protected override page(last: string | undefined) {
        const after = last === undefined ? -1 : (this.#times.get(last) ?? 0);
        const rest = [...this.records].filter(([, { createdAt }]) => createdAt > after);
        const page = rest.sort(([, a], [, b]) => a.createdAt - b.createdAt).slice(0, 100);
        for (const [handle, { createdAt }] of page) this.#times.set(handle, createdAt);
        return page.map(([handle]) => handle);
      }
    },
  },
  {
    name: "takes a short page for the last one",
    sentence: 14,
    Store: class extends PagingStore {
      #isLast = false;

      protected override page(last: string | undefined) {
        if (last === undefined) this.#isLast = false;
        if (this.#isLast) return [];
        // It asks for a hundred and drops what has expired or is gone.
        const all = this.sorted();
        const page = all.slice(last === undefined ? 0 : all.indexOf(last) + 1).slice(0, 100);
        this.#isLast = page.length < 100 || (last !== undefined && !this.records.has(last));
        return page;
      }
    },
  },
  {
    name: "begins anew when the last session of a page is gone",
    sentence: 14,
    Store: class extends PagingStore {
      protected override page(last: string | undefined, yielded: number) {
        if (yielded > 5_000) return [];
        const all = this.sorted();
        const isLost = last !== undefined && !this.records.has(last);
        const from = last === undefined || isLost ? 0 : all.indexOf(last) + 1;
        return all.slice(from, from + 100).filter((handle) => !isLost || handle > `~m`);
      }
    },
  },
  {
    name: "lists in the order of the last save",
    sentence: 14,
    Store: class extends ReferenceStore {
      override async *list(owner?: string) {
        this.check();
        // A Map that is changed while it is read goes on with what was moved to its end.
        for (const handle of this.records.keys()) {
          await pause();
          this.check();
          const live = this.live(handle);
          if (live && (owner === undefined || live.owner === owner)) {
            yield [handle, { ...live }] as const;
          }
        }
      }

      protected override put(handle: string, record: SessionRecord) {
        this.records.delete(handle);
        super.put(handle, record);
      }
    },
  },
  {
    name: "skips every other session when its consumer deletes",
    sentence: 14,
    Store: class extends ReferenceStore {
      override async *list(owner?: string) {
        this.check();
        for (let index = 0; index < this.records.size; index += 1) {
          await pause();
          this.check();
          const handle = [...this.records.keys()][index] ?? "";
          const live = this.live(handle);
          if (live && (owner === undefined || live.owner === owner)) {
            yield [handle, { ...live }] as const;
          }
        }
      }
    },
  },
  {
    name: "ends its list where a session has gone meanwhile",
    sentence: 14,
    Store: class extends ReferenceStore {
      override async *list(owner?: string) {
        this.check();
        for (const handle of [...this.records.keys()]) {
          await pause();
          this.check();
          if (!this.records.has(handle)) return;
          const live = this.live(handle);
          if (live && (owner === undefined || live.owner === owner)) {
            yield [handle, { ...live }] as const;
          }
        }
      }
    },
  },
  {
    name: "lists sessions that have an owner only",
    sentence: 14,
    Store: class extends ReferenceStore {
      override async *list(owner?: string) {
        for await (const [handle, record] of super.list(owner)) {
          if (record.owner !== undefined) yield [handle, record] as const;
        }
      }
    },
  },
  {
    name: "lists records without their data",
    sentence: 14,
    Store: class extends ReferenceStore {
      override async *list(owner?: string) {
        for await (const [handle, record] of super.list(owner)) {
          yield [handle, { ...record, data: "" }] as const;
        }
      }
    },
  },
  {
    name: "lists handles without their first character",
    sentence: 14,
    Store: class extends ReferenceStore {
      override async *list(owner?: string) {
        for await (const [handle, record] of super.list(owner)) {
          yield [handle.slice(1), record] as const;
        }
      }
    },
  },
  {
    name: "lists everybody's sessions for an owner",
    sentence: 14,
    Store: class extends ReferenceStore {
      override list() {
        return super.list();
      }
    },
  },
];
