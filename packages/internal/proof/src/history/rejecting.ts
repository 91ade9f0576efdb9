import type { SessionRecord, Store } from "@sess/core";
import type { Random } from "../random.ts";

/** A store that rejects some writes, before they are done or after, as one in trouble does. */
export class RejectingStore implements Store {
  readonly #store: Store;
  readonly #random: Random;
  readonly #oneIn: number;

  constructor(store: Store, random: Random, oneIn: number) {
    this.#store = store;
    this.#random = random;
    this.#oneIn = oneIn;
  }

  load(key: string): Promise<SessionRecord | undefined> {
    return this.#store.load(key);
  }

  save(key: string, record: SessionRecord): Promise<boolean> {
    return this.#write(() => this.#store.save(key, record));
  }

  delete(key: string, revision?: number): Promise<boolean> {
    return this.#write(() => this.#store.delete(key, revision));
  }

  touch(key: string, expiresAt: number, revision?: number): Promise<boolean> {
    return this.#write(async () => (await this.#store.touch?.(key, expiresAt, revision)) ?? false);
  }

  async #write(write: () => Promise<boolean>): Promise<boolean> {
    const kind = this.#random.below(this.#oneIn * 2);
    if (kind === 0) throw new Error("rejected before it was done");
    const answer = await write();
    if (kind === 1) throw new Error("rejected after it was done");
    return answer;
  }
}
