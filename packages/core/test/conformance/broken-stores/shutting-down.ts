import { SessionError, type SessionRecord } from "@sess/core";
import { pause, ReferenceStore } from "@sess/test-support/reference-store";
import type { BrokenStore } from "./broken-store.ts";

const closed = () => new SessionError("STORE_CLOSED", "It is closed.");

/** A store that tells whether a call was under way when it was closed. */
class ClosingStore extends ReferenceStore {
  /** Runs a call, and rejects it if the store has been closed meanwhile. */
  protected async unlessClosed<T>(call: () => Promise<T>): Promise<T> {
    this.check();
    await pause();
    if (this.isClosed) throw closed();
    return call();
  }
}

/** What close() does to calls that were made before it, and after. */
export const shuttingDown: readonly BrokenStore[] = [
  {
    name: "rejects the saves that are under way when it is closed",
    sentence: 17,
    Store: class extends ClosingStore {
      override save(handle: string, record: SessionRecord) {
        const copy = { ...record };
        return this.unlessClosed(() => super.save(handle, copy));
      }
    },
  },
  {
    name: "rejects the deletes that are under way when it is closed",
    sentence: 17,
    Store: class extends ClosingStore {
      override delete(handle: string, revision?: number) {
        return this.unlessClosed(() => super.delete(handle, revision));
      }
    },
  },
  {
    name: "rejects the loads that are under way when it is closed",
    sentence: 17,
    Store: class extends ClosingStore {
      override load(handle: string) {
        return this.unlessClosed(() => super.load(handle));
      }
    },
  },
  {
    name: "rejects a touch that is under way when it is closed",
    sentence: 17,
    Store: class extends ClosingStore {
      override touch(handle: string, expiresAt: number, revision?: number) {
        return this.unlessClosed(() => super.touch(handle, expiresAt, revision));
      }
    },
  },
  {
    name: "stops a sweep that is under way when it is closed",
    sentence: 17,
    Store: class extends ReferenceStore {
      protected override expired() {
        return this.isClosed ? [] : super.expired();
      }
    },
  },
  {
    name: "refuses the saves that are under way when it is closed",
    sentence: 17,
    Store: class extends ReferenceStore {
      protected override unexpired(handle: string) {
        const none = { revision: -1, createdAt: 0, expiresAt: 0, data: "" };
        return this.isClosed ? none : super.unexpired(handle);
      }
    },
  },
  {
    name: "acknowledges what it drops when it is closed",
    sentence: 17,
    Store: class extends ReferenceStore {
      protected override put(handle: string, record: SessionRecord) {
        if (!this.isClosed) super.put(handle, record);
      }

      protected override remove(handle: string) {
        if (!this.isClosed) super.remove(handle);
      }
    },
  },
  {
    name: "accepts calls until its close() has come to an end",
    sentence: 17,
    Store: class extends ReferenceStore {
      override async close() {
        for (let turn = 0; turn < 10; turn += 1) await pause();
        await super.close();
      }
    },
  },
  {
    name: "loads after close()",
    sentence: 17,
    Store: class extends ReferenceStore {
      override async load(handle: string) {
        if (!this.isClosed) return super.load(handle);
        const live = this.live(handle);
        return live && { ...live };
      }
    },
  },
  {
    name: "refuses a save after close(), as if it were stale",
    sentence: 17,
    Store: class extends ReferenceStore {
      override async save(handle: string, record: SessionRecord) {
        return !this.isClosed && super.save(handle, record);
      }
    },
  },
  {
    name: "lists nothing after close()",
    sentence: 17,
    Store: class extends ReferenceStore {
      override async *list(owner?: string) {
        if (!this.isClosed) yield* super.list(owner);
      }
    },
  },
  {
    name: "ends a list that close() cuts off as if it were complete",
    sentence: 17,
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
          if (!isStarted || !this.isClosed) throw error;
        }
      }
    },
  },
  {
    name: "touches and sweeps nothing after close()",
    sentence: 17,
    Store: class extends ReferenceStore {
      override async touch(handle: string, expiresAt: number, revision?: number) {
        return !this.isClosed && super.touch(handle, expiresAt, revision);
      }

      override async sweep() {
        return this.isClosed ? 0 : super.sweep();
      }
    },
  },
  {
    name: "rejects calls after close() as if the engine had failed",
    sentence: 17,
    Store: class extends ReferenceStore {
      protected override check() {
        if (this.isClosed) throw new SessionError("STORE_UNAVAILABLE", "The client is closed.");
        super.check();
      }
    },
  },
];
