import type { SessionRecord } from "@sess/core";
import { BITS, Block, MASK, ROWS } from "./block.ts";
import { Shards } from "./shards.ts";

/**
 * The records, in places from 0 to `size` without a gap: into a place that gets free, the last record
 * moves. So a record only ever moves towards the beginning, and a walk from the end meets each that is
 * there all the time, whatever comes and goes meanwhile.
 */
export class Table {
  readonly #places = new Shards<number>();
  readonly #blocks: Block[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The place of a record, until the next removal. */
  find(key: string): number | undefined {
    return this.#places.get(key);
  }

  key(place: number): string {
    return this.#block(place).key(place & MASK);
  }

  owner(place: number): string | undefined {
    return this.#block(place).owner(place & MASK);
  }

  revision(place: number): number {
    return this.#block(place).revision(place & MASK);
  }

  expiresAt(place: number): number {
    return this.#block(place).expiresAt(place & MASK);
  }

  /** A copy of what lies there. */
  record(place: number): SessionRecord {
    return this.#block(place).record(place & MASK);
  }

  extend(place: number, expiresAt: number): void {
    this.#block(place).extend(place & MASK, expiresAt);
  }

  replace(place: number, record: SessionRecord): void {
    const block = this.#block(place);
    block.write(place & MASK, block.key(place & MASK), record);
  }

  add(key: string, record: SessionRecord): void {
    const place = this.#size;
    if (place === this.#blocks.length * ROWS) this.#blocks.push(new Block());
    this.#block(place).write(place & MASK, key, record);
    this.#places.set(key, place);
    this.#size += 1;
  }

  remove(place: number): void {
    const last = this.#size - 1;
    this.#places.delete(this.key(place));
    if (place !== last) {
      const moved = this.key(last);
      this.#block(place).write(place & MASK, moved, this.record(last));
      this.#places.set(moved, place);
    }
    this.#block(last).erase(last & MASK);
    this.#size = last;
    // One is kept, so that comings and goings at its edge do not make it anew each time.
    if (this.#blocks.length * ROWS - last > 2 * ROWS) this.#blocks.pop();
  }

  clear(): void {
    this.#places.clear();
    this.#blocks.length = 0;
    this.#size = 0;
  }

  #block(place: number): Block {
    const block = this.#blocks[place >>> BITS];
    if (block === undefined) throw new RangeError("There is no such place.");
    return block;
  }
}
