import { SessionError, type SessionRecord } from "@sess/core";
import { ReferenceStore } from "@sess/test-support/reference-store";
import type { BrokenStore } from "./broken-store.ts";

const corrupt = () => new SessionError("RECORD_CORRUPT", "The record is damaged.");

/** A store of whose records some are damaged. */
class DamagedStore extends ReferenceStore {
  protected damaged(handle: string): SessionRecord | undefined {
    const record = this.records.get(handle);
    return record !== undefined && this.isDamaged(record) ? record : undefined;
  }
}

export const damage: readonly BrokenStore[] = [
  {
    name: "loads a damaged record",
    sentence: 8,
    Store: class extends DamagedStore {
      override async load(handle: string) {
        const record = this.damaged(handle);
        return record ? { ...record } : super.load(handle);
      }
    },
  },
  {
    name: "takes a damaged record for none",
    sentence: 8,
    Store: class extends DamagedStore {
      override async load(handle: string) {
        return this.damaged(handle) ? undefined : super.load(handle);
      }
    },
  },
  {
    name: "tells of a damaged record as its parser does",
    sentence: 8,
    Store: class extends DamagedStore {
      override async load(handle: string) {
        if (this.damaged(handle)) throw new SyntaxError("Unexpected end of JSON input");
        return super.load(handle);
      }
    },
  },
  {
    name: "writes a first save over a damaged record",
    sentence: 11,
    Store: class extends DamagedStore {
      override async save(handle: string, record: SessionRecord) {
        if (record.revision === 1 && this.damaged(handle)) this.remove(handle);
        return super.save(handle, record);
      }
    },
  },
  {
    name: "writes any later save over a damaged record",
    sentence: 11,
    Store: class extends DamagedStore {
      override async save(handle: string, record: SessionRecord) {
        if (record.revision === 1 || !this.damaged(handle)) return super.save(handle, record);
        this.put(handle, { ...record });
        return true;
      }
    },
  },
  {
    name: "removes a damaged record that a save comes across",
    sentence: 11,
    Store: class extends DamagedStore {
      override async save(handle: string, record: SessionRecord) {
        if (!this.damaged(handle)) return super.save(handle, record);
        this.remove(handle);
        return false;
      }
    },
  },
  {
    name: "writes nothing more once a save was refused over a damaged record",
    sentence: 11,
    Store: class extends DamagedStore {
      #last: Promise<unknown> = Promise.resolve();

      override save(handle: string, record: SessionRecord) {
        const copy = { ...record };
        // What rejected once is never caught: everybody behind it gets its error.
        const saving = this.#last.then(() => super.save(handle, copy));
        this.#last = saving;
        return saving;
      }
    },
  },
  {
    name: "cannot delete a damaged record",
    sentence: 12,
    Store: class extends DamagedStore {
      override async delete(handle: string, revision?: number) {
        if (this.damaged(handle)) throw corrupt();
        return super.delete(handle, revision);
      }
    },
  },
  {
    name: "ends its list at a damaged record",
    sentence: 15,
    Store: class extends DamagedStore {
      override async *list(owner?: string) {
        for await (const entry of super.list(owner)) {
          if ([...this.records.keys()].some((handle) => this.damaged(handle))) throw corrupt();
          yield entry;
        }
      }
    },
  },
  {
    name: "lists a damaged record",
    sentence: 15,
    Store: class extends DamagedStore {
      override async *list(owner?: string) {
        for (const [handle, record] of [...this.records]) {
          if (this.isDamaged(record)) yield [handle, { ...record }] as const;
        }
        yield* super.list(owner);
      }
    },
  },
  {
    name: "leaves a damaged record out of its list in silence",
    sentence: 15,
    Store: class extends DamagedStore {
      override async *list(owner?: string) {
        try {
          yield* super.list(owner);
        } catch (error) {
          if (this.isClosed || this.isFailing) throw error;
        }
      }
    },
  },
  {
    name: "rejects the list of one owner because of another one's damaged record",
    sentence: 15,
    Store: class extends DamagedStore {
      override async *list(owner?: string) {
        yield* super.list(owner);
        if ([...this.records.keys()].some((handle) => this.damaged(handle))) throw corrupt();
      }
    },
  },
  {
    name: "stops its sweep at a damaged record",
    sentence: 16,
    Store: class extends DamagedStore {
      override async sweep() {
        if ([...this.records.keys()].some((handle) => this.damaged(handle))) throw corrupt();
        return super.sweep();
      }
    },
  },
  {
    name: "sweeps damaged records away",
    sentence: 16,
    Store: class extends DamagedStore {
      override async sweep() {
        const swept = await super.sweep();
        for (const handle of this.records.keys()) if (this.damaged(handle)) this.remove(handle);
        return swept;
      }
    },
  },
  {
    name: "counts damaged records that it leaves as swept",
    sentence: 16,
    Store: class extends DamagedStore {
      override async sweep() {
        const damaged = [...this.records.keys()].filter((handle) => this.damaged(handle));
        return (await super.sweep()) + damaged.length;
      }
    },
  },
];
