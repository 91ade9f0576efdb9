import type { SessionRecord } from "@sess/core";
import { pause, ReferenceStore } from "@sess/test-support/reference-store";
import type { BrokenStore } from "./broken-store.ts";

/** Checks, lets other calls run, then writes. */
class TornStore extends ReferenceStore {
  override async save(handle: string, record: SessionRecord) {
    this.check();
    const copy = { ...record };
    const revision = this.live(handle)?.revision ?? 0;
    await pause();
    if (revision !== copy.revision - 1) return false;
    this.put(handle, copy);
    return true;
  }

  override async delete(handle: string, revision?: number) {
    this.check();
    const live = this.liveAt(handle, revision);
    await pause();
    if (live === undefined) return false;
    this.remove(handle);
    return true;
  }
}

/** Runs one call after another, but each connection has a queue of its own. */
class QueueingStore extends TornStore {
  #last: Promise<unknown> = Promise.resolve();

  override save(handle: string, record: SessionRecord) {
    const copy = { ...record };
    return this.#enqueue(() => super.save(handle, copy));
  }

  override delete(handle: string, revision?: number) {
    return this.#enqueue(() => super.delete(handle, revision));
  }

  #enqueue(call: () => Promise<boolean>): Promise<boolean> {
    const result = this.#last.then(call, call);
    this.#last = result;
    return result;
  }
}

export const atomicity: readonly BrokenStore[] = [
  {
    name: "waits between check and write",
    sentence: 9,
    Store: TornStore,
  },
  {
    name: "is atomic within one connection only",
    sentence: 9,
    Store: QueueingStore,
  },
  {
    name: "caches what it has read",
    sentence: 6,
    Store: class extends QueueingStore {
      readonly #cache = new Map<string, SessionRecord>();

      override async load(handle: string) {
        this.check();
        const cached = this.#cache.get(handle);
        if (cached !== undefined && cached.expiresAt > this.now()) return { ...cached };
        const record = await super.load(handle);
        if (record) this.#cache.set(handle, { ...record });
        return record;
      }

      protected override put(handle: string, record: SessionRecord) {
        this.#cache.delete(handle);
        super.put(handle, record);
      }

      protected override remove(handle: string) {
        this.#cache.delete(handle);
        super.remove(handle);
      }
    },
  },
  {
    name: "loads the record before the last save",
    sentence: 6,
    Store: class extends ReferenceStore {
      readonly #previous = new Map<string, SessionRecord>();

      override async load(handle: string) {
        const record = await super.load(handle);
        return record && (this.#previous.get(handle) ?? record);
      }

      protected override put(handle: string, record: SessionRecord) {
        const previous = this.live(handle);
        if (previous) this.#previous.set(handle, { ...previous });
        else this.#previous.delete(handle);
        super.put(handle, record);
      }
    },
  },
  {
    name: "resolves a save before it has written",
    sentence: 6,
    Store: class extends ReferenceStore {
      protected override put(handle: string, record: SessionRecord) {
        setImmediate(() => super.put(handle, record));
      }
    },
  },
];
