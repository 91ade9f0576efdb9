import type { LevelDatabase } from "@sess/store-level";
import { afterTest, scratch } from "@sess/test-support";
import { ClassicLevel } from "classic-level";
import type { ChainedBatch, Change } from "../../src/client.ts";

/** A batch that was written: how many changes, and whether it was synced. */
export interface WrittenBatch {
  readonly changes: number;
  readonly sync: boolean;
}

/** A database of which a test sees what a store does with it. */
export class WatchedDatabase {
  /** The database itself, open. Whatever is done to it goes past the store. */
  readonly raw: ClassicLevel;
  /** The same, to be given to a store. */
  readonly db: LevelDatabase;
  readonly batches: WrittenBatch[] = [];
  /** How many batches were handed over in one piece instead of change by change. */
  wholeBatches = 0;
  /** How often the space of deleted entries was given back. */
  compactions = 0;

  private constructor(raw: ClassicLevel) {
    this.raw = raw;
    this.db = {
      get status() {
        return raw.status;
      },
      supports: raw.supports,
      prefixKey: (key, format) => raw.prefixKey(key, format),
      get: (key, options) => raw.get(key, options),
      getSync: (key, options) => raw.getSync(key, options),
      getMany: (keys, options) => raw.getMany(keys, options),
      keys: (options) => raw.keys(options),
      iterator: (options) => raw.iterator(options),
      batch: this.#batch.bind(this),
      compactRange: (start, end, options) => {
        this.compactions += 1;
        return raw.compactRange(start, end, options);
      },
    };
  }

  static async open(): Promise<WatchedDatabase> {
    const raw = new ClassicLevel(scratch());
    await raw.open();
    afterTest(() => raw.close());
    return new WatchedDatabase(raw);
  }

  /** The keys that begin with `letter`: `r` for records, `x` for expiry and `o` for owner entries. */
  keysOf(letter: "r" | "x" | "o"): Promise<string[]> {
    return this.raw.keys({ gte: letter, lt: String.fromCharCode(letter.charCodeAt(0) + 1) }).all();
  }

  /** Changes one character of a stored record, behind the store's back. */
  async damage(handle: string): Promise<void> {
    const text = (await this.raw.get(`r${handle}`)) ?? "";
    const last = text.endsWith("!") ? "?" : "!";
    await this.raw.put(`r${handle}`, text.slice(0, -1) + last);
  }

  #batch(): ChainedBatch;
  #batch(changes: Change[], options: { sync: boolean }): Promise<void>;
  #batch(changes?: Change[], options = { sync: false }): ChainedBatch | Promise<void> {
    if (changes !== undefined) {
      this.batches.push({ changes: changes.length, sync: options.sync });
      this.wholeBatches += 1;
      return this.raw.batch(changes, options);
    }
    const chained = this.raw.batch();
    return {
      put: chained.put.bind(chained),
      del: chained.del.bind(chained),
      write: (options: { sync: boolean }) => {
        this.batches.push({ changes: chained.length, sync: options.sync });
        return chained.write(options);
      },
    };
  }
}
