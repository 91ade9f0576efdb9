/** One step of an atomic batch. */
export type Change =
  | { readonly type: "put"; readonly key: string; readonly value: string }
  | { readonly type: "del"; readonly key: string };

/** A batch that is handed over change by change. */
export interface ChainedBatch {
  put(key: string, value: string, options: TextEncodings): unknown;
  del(key: string, options: TextEncodings): unknown;
  /** Carries out all changes or none. With `sync` they are on disk when it resolves. */
  write(options: { sync: boolean }): Promise<void>;
}

/** The keys between two others, which do not belong to it. */
export interface Range {
  readonly gt: string;
  readonly lt: string;
}

/** An iterator of abstract-level. */
export interface Cursor<Item> {
  /** Resolves to at most `size` items from where it stands; an empty array is the end. */
  nextv(size: number): Promise<Item[]>;
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
  readonly status: string;
  /** What the database can do. The store looks for `getSync: true`. */
  readonly supports: object;
  /** The database that a sublevel is part of. */
  readonly parent?: object | null;
  /** `key` as the database that a sublevel is part of stores it. */
  prefixKey(key: string, format: "utf8"): string;
  get(key: string, options: TextEncodings): Promise<string | undefined>;
  getSync(key: string, options: ReadOptions): string | undefined;
  getMany(keys: string[], options: ReadOptions): Promise<(string | undefined)[]>;
  batch(): ChainedBatch;
  /** Carries out all changes or none. With `sync` they are on disk when it resolves. */
  batch(changes: Change[], options: TextEncodings & { sync: boolean }): Promise<void>;
  keys(options: TextEncodings & Range): Cursor<string>;
  /** `highWaterMarkBytes` bounds what one `nextv` reads into memory. */
  iterator(
    options: TextEncodings & Range & { highWaterMarkBytes: number },
  ): Cursor<[key: string, value: string]>;
  /** Gives back the space of deleted entries. Not every database has it. */
  compactRange?(start: string, end: string, options: TextEncodings): Promise<void>;
}
