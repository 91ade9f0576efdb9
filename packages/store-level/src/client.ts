/** One step of an atomic batch. */
export type Change =
  | { readonly type: "put"; readonly key: string; readonly value: string }
  | { readonly type: "del"; readonly key: string };

/** A batch that is handed over change by change. */
export interface ChainedBatch {
  /** Adds a change that writes an entry. */
  put(key: string, value: string, options: TextEncodings): unknown;
  /** Adds a change that removes an entry. */
  del(key: string, options: TextEncodings): unknown;
  /** Carries out all changes or none. With `sync` they are on disk when it resolves. */
  write(options: { sync: boolean }): Promise<void>;
}

/** The keys between two others, which do not belong to it. */
export interface Range {
  /** What comes before the first. */
  readonly gt: string;
  /** What comes after the last. */
  readonly lt: string;
}

/** An iterator of abstract-level. */
export interface Cursor<Item> {
  /** Resolves to at most `size` items from where it stands; an empty array is the end. */
  nextv(size: number): Promise<Item[]>;
  /** Lets go of what it holds in the database. */
  close(): Promise<void>;
}

/** How keys and values are stored, whatever the database's own default is. */
interface TextEncodings {
  readonly keyEncoding: "utf8";
  readonly valueEncoding: "utf8";
}

interface ReadOptions extends TextEncodings {
  /**
   * Whether what is read may displace other blocks from LevelDB's cache.
   *
   * @default true
   */
  readonly fillCache?: boolean;
}

/**
 * The calls of an abstract-level database that `LevelStore` makes. Typed by these calls alone, so that
 * any database of that family fits, a sublevel included, whatever its version and encodings are.
 */
export interface LevelDatabase {
  /** `"open"` while it can be used. */
  readonly status: string;
  /** What the database can do. The store looks for `getSync: true`. */
  readonly supports: object;
  /** The database that a sublevel is part of. */
  readonly parent?: object | null;
  /** `key` as the database that a sublevel is part of stores it. */
  prefixKey(key: string, format: "utf8"): string;
  /** Resolves to undefined, or rejects with LEVEL_NOT_FOUND as `level` 8 does, if there is no such key. */
  get(key: string, options: TextEncodings): Promise<string | undefined>;
  /** Only where `supports` says so: abstract-level has it since version 3. */
  getSync?(key: string, options: ReadOptions): string | undefined;
  /** Resolves to undefined in the place of each key that is not there. */
  getMany(keys: string[], options: ReadOptions): Promise<(string | undefined)[]>;
  /** Begins a batch that is handed over change by change. */
  batch(): ChainedBatch;
  /** Carries out all changes or none. With `sync` they are on disk when it resolves. */
  batch(changes: Change[], options: TextEncodings & { sync: boolean }): Promise<void>;
  /** Walks the keys in a range, in their order. */
  keys(options: TextEncodings & Range): Cursor<string>;
  /** Walks entries; `highWaterMarkBytes` bounds what one `nextv` reads into memory. */
  iterator(
    options: TextEncodings & Range & { highWaterMarkBytes: number },
  ): Cursor<[key: string, value: string]>;
  /** Gives back the space of deleted entries. Not every database has it. */
  compactRange?(start: string, end: string, options: TextEncodings): Promise<void>;
}
