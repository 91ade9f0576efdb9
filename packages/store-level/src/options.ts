import { SessionError } from "@sess/core";
import {
  aBoolean,
  checkOption,
  checkOptions,
  oneOf,
  type Rule,
  type Rules,
  wholeNumber,
  withMethods,
} from "@sess/core/adapter";
import type { LevelDatabase } from "./client.ts";

/** What can be chosen for a `LevelStore`, whoever opened its database. */
export interface LevelStoreOptions {
  /**
   * Whether a save is on disk when it resolves, and so survives a power loss. With `false` saves survive
   * a crash of the process but not of the machine. Saves with `durable`, and whatever else ends a session
   * or cuts it short, are on disk in either case.
   *
   * @default true
   */
  readonly sync?: boolean;
  /**
   * `"sync"` reads on the calling thread, several times as fast if LevelDB has the block in memory.
   * `"async"` reads on the thread pool, for disks slow enough to hold up the event loop.
   *
   * @default "sync" if the database can, otherwise "async"
   */
  readonly read?: "sync" | "async";
}

/** What can be chosen for `LevelStore.open`. */
export interface LevelOpenOptions extends LevelStoreOptions {
  /**
   * Bytes that LevelDB gathers in memory before it writes a table, from 64 KiB to 1 GiB. A larger buffer
   * makes many writes faster and opening after a crash slower. Memory holds up to two of them.
   *
   * @default 8 MiB
   */
  readonly writeBufferSize?: number;
}

const STORE_RULES: Rules<LevelStoreOptions> = {
  sync: aBoolean,
  read: oneOf("sync", "async"),
};

const OPEN_RULES: Rules<LevelOpenOptions> = {
  ...STORE_RULES,
  writeBufferSize: wholeNumber(64 * 1024, 1024 ** 3, "bytes"),
};

const A_LOCATION: Rule = {
  expected: "the path of a directory, without NUL",
  accepts: (value) => typeof value === "string" && value !== "" && !value.includes("\0"),
};

const A_DATABASE: Rule = {
  expected:
    "an open database of the abstract-level family; for a directory, use await LevelStore.open(path)",
  accepts: withMethods("prefixKey", "get", "getMany", "batch", "keys", "iterator").accepts,
};

const STORE_DEFAULTS = { sync: true, read: "sync" } as const;

/** In bytes. Twice as much took 38 MB more with 400,000 sessions, and saved no time. */
const WRITE_BUFFER_SIZE = 8 * 1024 * 1024;

/** @throws INVALID_OPTION */
export function storeOptions(options: LevelStoreOptions): Required<LevelStoreOptions> {
  return { ...STORE_DEFAULTS, ...checkOptions("LevelStore", options, STORE_RULES) };
}

/** @throws INVALID_OPTION if `db` is not an open database. */
export function assertOpenDatabase(db: LevelDatabase): void {
  checkOption("LevelStore", "db", db, A_DATABASE);
  if (db.status === "open") return;
  throw new SessionError(
    "INVALID_OPTION",
    `LevelStore: db must be open, not ${db.status}. Await db.open() first; or use await LevelStore.open(path).`,
  );
}

/** @throws INVALID_OPTION */
export function openOptions(
  location: string,
  options: LevelOpenOptions,
): Required<LevelOpenOptions> {
  checkOption("LevelStore.open", "the location", location, A_LOCATION);
  const given = checkOptions("LevelStore.open", options, OPEN_RULES);
  return { ...STORE_DEFAULTS, writeBufferSize: WRITE_BUFFER_SIZE, ...given };
}
