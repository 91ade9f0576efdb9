/** How keys and values are stored, whatever the database's own default. */
interface TextEncodings {
  readonly keyEncoding: "utf8";
  readonly valueEncoding: "utf8";
}

interface ReadOptions extends TextEncodings {
  /** Whether what is read may displace other blocks from memory. Default: true. */
  readonly fillCache?: boolean;
}

/** One step of an atomic batch. */
export type Change =
  | { readonly type: "put"; readonly key: string; readonly value: string }
  | { readonly type: "del"; readonly key: string };

/** A batch that is handed over step by step. */
export interface StepwiseBatch {
  put(key: string, value: string, options: TextEncodings): unknown;
  del(key: string, options: TextEncodings): unknown;
  write(options: { sync: boolean }): Promise<void>;
}

/** A stretch of keys, both ends exclusive. */
export interface Range {
  readonly gt: string;
  readonly lt: string;
}

/** Reads on from where it stands; an empty array is the end. */
export interface Cursor<Item> {
  nextv(size: number): Promise<Item[]>;
  close(): Promise<void>;
}

/**
 * What `LevelStore` calls of an abstract-level database. Typed by the calls, so that any database of
 * that family fits, a sublevel too.
 */
export interface LevelDatabase {
  readonly status: string;
  /** What the database can do; `getSync: true` is looked for. */
  readonly supports: object;
  /** The database that a sublevel is a part of. */
  readonly parent?: object | null;
  prefixKey(key: string, format: "utf8"): string;
  get(key: string, options: TextEncodings): Promise<string | undefined>;
  getSync(key: string, options: ReadOptions): string | undefined;
  getMany(keys: string[], options: ReadOptions): Promise<(string | undefined)[]>;
  batch(): StepwiseBatch;
  batch(changes: Change[], options: TextEncodings & { sync: boolean }): Promise<void>;
  keys(options: TextEncodings & Range): Cursor<string>;
  iterator(
    options: TextEncodings & Range & { highWaterMarkBytes: number },
  ): Cursor<[key: string, value: string]>;
  /** Gives back the space of what was deleted. Not every database has it. */
  compactRange?(start: string, end: string, options: TextEncodings): Promise<void>;
}
