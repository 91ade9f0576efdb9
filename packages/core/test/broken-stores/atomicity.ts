import type { SessionRecord } from "@sess/core";
import { broken } from "./broken-store.ts";
import { pause, ReferenceStore } from "./reference-store.ts";

/** Checks, lets others in, writes. */
class TornStore extends ReferenceStore {
  override async save(key: string, record: SessionRecord) {
    this.check();
    const copy = { ...record };
    const revision = this.live(key)?.revision ?? 0;
    await pause();
    if (revision !== copy.revision - 1) return false;
    this.put(key, copy);
    return true;
  }

  override async delete(key: string, revision?: number) {
    this.check();
    const record = this.live(key);
    await pause();
    if (record === undefined || (revision ?? record.revision) !== record.revision) return false;
    this.remove(key);
    return true;
  }
}

/** One call after the other, but each connection with a queue of its own. */
class QueueingStore extends TornStore {
  #last: Promise<unknown> = Promise.resolve();

  override save(key: string, record: SessionRecord) {
    const copy = { ...record };
    return this.#queue(() => super.save(key, copy));
  }

  override delete(key: string, revision?: number) {
    return this.#queue(() => super.delete(key, revision));
  }

  #queue(call: () => Promise<boolean>): Promise<boolean> {
    const turn = this.#last.then(call, call);
    this.#last = turn;
    return turn;
  }
}

export const atomicity = [
  broken("waits between check and write", "parallel", ["two connections"], TornStore),
  broken("is atomic within one connection only", "two connections", [], QueueingStore),
  broken(
    "keeps what it has read",
    "two connections",
    [],
    class extends QueueingStore {
      readonly #cache = new Map<string, SessionRecord>();

      override async load(key: string) {
        this.check();
        const cached = this.#cache.get(key);
        if (cached !== undefined && cached.expiresAt > this.clock.now) return { ...cached };
        const record = await super.load(key);
        if (record) this.#cache.set(key, { ...record });
        return record;
      }

      protected override put(key: string, record: SessionRecord) {
        this.#cache.delete(key);
        super.put(key, record);
      }

      protected override remove(key: string) {
        this.#cache.delete(key);
        super.remove(key);
      }
    },
  ),
  broken(
    "answers from what was there before the last save",
    "order",
    "any",
    class extends ReferenceStore {
      readonly #previous = new Map<string, SessionRecord>();

      override async load(key: string) {
        const record = await super.load(key);
        return record && (this.#previous.get(key) ?? record);
      }

      protected override put(key: string, record: SessionRecord) {
        const previous = this.live(key);
        if (previous) this.#previous.set(key, { ...previous });
        else this.#previous.delete(key);
        super.put(key, record);
      }
    },
  ),
  broken(
    "resolves before it has written",
    "order",
    "any",
    class extends ReferenceStore {
      protected override put(key: string, record: SessionRecord) {
        setImmediate(() => super.put(key, record));
      }
    },
  ),
];
