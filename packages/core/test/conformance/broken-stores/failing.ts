import { SessionError, type SessionRecord } from "@sess/core";
import { ReferenceStore } from "@sess/test-support/reference-store";
import type { BrokenStore } from "./broken-store.ts";

/** What a driver throws. */
const connectionLost = () => Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" });

/** What happens when the engine fails. */
export const failing: readonly BrokenStore[] = [
  {
    name: "loads nothing when the engine fails",
    sentence: 5,
    Store: class extends ReferenceStore {
      override async load(handle: string) {
        return this.isFailing ? undefined : super.load(handle);
      }
    },
  },
  {
    name: "refuses a save when the engine fails",
    sentence: 5,
    Store: class extends ReferenceStore {
      override async save(handle: string, record: SessionRecord) {
        return this.isFailing ? false : super.save(handle, record);
      }
    },
  },
  {
    name: "acknowledges a save when the engine fails",
    sentence: 5,
    Store: class extends ReferenceStore {
      override async save(handle: string, record: SessionRecord) {
        return this.isFailing || super.save(handle, record);
      }
    },
  },
  {
    name: "deletes nothing when the engine fails",
    sentence: 5,
    Store: class extends ReferenceStore {
      override async delete(handle: string, revision?: number) {
        return !this.isFailing && super.delete(handle, revision);
      }
    },
  },
  {
    name: "touches nothing when the engine fails",
    sentence: 5,
    Store: class extends ReferenceStore {
      override async touch(handle: string, expiresAt: number, revision?: number) {
        return !this.isFailing && super.touch(handle, expiresAt, revision);
      }
    },
  },
  {
    name: "lists nothing when the engine fails",
    sentence: 5,
    Store: class extends ReferenceStore {
      override async *list(owner?: string) {
        if (!this.isFailing) yield* super.list(owner);
      }
    },
  },
  {
    name: "ends a list that is cut off as if it were complete",
    sentence: 5,
    Store: class extends ReferenceStore {
      override async *list(owner?: string) {
        this.check();
        let isStarted = false;
        try {
          for await (const entry of super.list(owner)) {
            isStarted = true;
            yield entry;
          }
        } catch (error) {
          if (!isStarted || !this.isFailing) throw error;
        }
      }
    },
  },
  {
    name: "sweeps nothing when the engine fails",
    sentence: 5,
    Store: class extends ReferenceStore {
      override async sweep() {
        return this.isFailing ? 0 : super.sweep();
      }
    },
  },
  {
    name: "lets the driver's own errors through",
    sentence: 5,
    Store: class extends ReferenceStore {
      protected override check() {
        if (!this.isClosed && this.isFailing) throw connectionLost();
        super.check();
      }
    },
  },
  {
    name: "takes every failure for a damaged record",
    sentence: 5,
    Store: class extends ReferenceStore {
      protected override check() {
        if (!this.isClosed && this.isFailing) throw new SessionError("RECORD_CORRUPT", "Damaged.");
        super.check();
      }
    },
  },
  {
    name: "quotes a session's data in the cause of an error",
    sentence: 5,
    Store: class extends ReferenceStore {
      override async save(handle: string, record: SessionRecord) {
        if (!this.isFailing) return super.save(handle, record);
        const cause = Object.assign(connectionLost(), { parameters: [handle, record.data] });
        throw new SessionError("STORE_UNAVAILABLE", "Nothing was written.", { cause });
      }
    },
  },
  {
    name: "does nothing more once the engine has failed",
    sentence: 5,
    Store: class extends ReferenceStore {
      #hasFailed = false;

      protected override check() {
        this.#hasFailed ||= this.isFailing;
        if (!this.isClosed) this.isFailing = this.#hasFailed;
        super.check();
      }
    },
  },
  {
    name: "writes nothing more once a save was rejected",
    sentence: 5,
    Store: class extends ReferenceStore {
      #last: Promise<unknown> = Promise.resolve();

      override save(handle: string, record: SessionRecord) {
        const copy = { ...record };
        const saving = this.#last.then(() => super.save(handle, copy));
        this.#last = saving;
        return saving;
      }
    },
  },
  {
    name: "says what the engine said when it is closed",
    sentence: 17,
    Store: class extends ReferenceStore {
      protected override check() {
        if (this.isFailing) throw new SessionError("STORE_UNAVAILABLE", "The engine fails.");
        super.check();
      }
    },
  },
];
