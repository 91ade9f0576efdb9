import { setImmediate as tick } from "node:timers/promises";
import type { SessionRecord } from "@sess/core";
import { ReferenceStore } from "@sess/test-support";
import type { WholeStore } from "../stores/store-kind.ts";

/** A store whose calls take a tick, as those of an engine do, so that others come in between. */
class SlowStore extends ReferenceStore {
  override around = async <T>(_: unknown, apply: () => Promise<T>): Promise<T> => {
    await tick();
    return apply();
  };

  protected isNext(handle: string, { revision }: SessionRecord): boolean {
    return (this.live(handle)?.revision ?? 0) === revision - 1;
  }
}

class Forgetful extends SlowStore {
  override async save(handle: string, record: SessionRecord) {
    await tick();
    this.put(handle, record);
    return true;
  }
}

class Reviving extends SlowStore {
  override async save(handle: string, record: SessionRecord) {
    await tick();
    if (this.live(handle) && !this.isNext(handle, record)) return false;
    this.put(handle, record);
    return true;
  }
}

class Torn extends SlowStore {
  override async save(handle: string, record: SessionRecord) {
    const isNext = this.isNext(handle, record);
    await tick();
    if (isNext) this.put(handle, record);
    return isNext;
  }
}

class Stale extends SlowStore {
  readonly #cache = new Map<string, SessionRecord | undefined>();
  #loads = 0;

  override async load(handle: string) {
    this.#loads += 1;
    if (this.#loads % 7 === 0) return this.#cache.get(handle);
    const record = await super.load(handle);
    this.#cache.set(handle, record);
    return record;
  }
}

class Hasty extends SlowStore {
  override async save(handle: string, record: SessionRecord) {
    await tick();
    if (!this.isNext(handle, record)) return false;
    setImmediate(() => this.put(handle, record));
    return true;
  }
}

class Careless extends SlowStore {
  override delete(handle: string) {
    return super.delete(handle);
  }
}

class WritingBack extends SlowStore {
  override async touch(handle: string, expiresAt: number, revision?: number) {
    const record = this.liveAt(handle, revision);
    await tick();
    if (record) this.put(handle, { ...record, expiresAt });
    return record !== undefined;
  }
}

class Mute extends SlowStore {
  override async save(handle: string, record: SessionRecord) {
    await super.save(handle, record);
    return false;
  }
}

export const rightStore = (): WholeStore => new SlowStore();

/** What the search for an order must notice. */
export const BROKEN_STORES: readonly (readonly [fault: string, create: () => WholeStore])[] = [
  ["ignores the revision of a save", () => new Forgetful()],
  ["writes a later revision over nothing", () => new Reviving()],
  ["checks, lets others in, and writes", () => new Torn()],
  ["reads what was there before", () => new Stale()],
  ["answers before it has written", () => new Hasty()],
  ["ignores the revision of a delete", () => new Careless()],
  ["writes back at a touch what it read before", () => new WritingBack()],
  ["says that it did not save what it saved", () => new Mute()],
];
