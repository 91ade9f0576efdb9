import { SessionError } from "@sess/core";

export interface LevelStoreOptions {
  /**
   * Whether a save is on disk before it resolves, and so survives a power loss. With `false` saves
   * survive a crash of the process but not of the machine. What ends or shortens a session's life is
   * on disk in either case. Default: true.
   */
  sync?: boolean;
  /**
   * `"sync"` reads on the calling thread, several times as fast where LevelDB has the block in memory.
   * `"async"` reads on the thread pool: for disks slow enough to hold up the event loop. Default:
   * `"sync"`, where the database can.
   */
  read?: "sync" | "async";
}

export interface LevelOpenOptions extends LevelStoreOptions {
  /**
   * Bytes that LevelDB gathers in memory before it writes a table, from 64 KiB to 1 GiB. A larger one
   * makes many writes faster and opening after a crash slower; memory holds up to two. Default: 8 MiB.
   */
  writeBufferSize?: number;
}

export interface StoreSettings {
  readonly sync: boolean;
  readonly read: "sync" | "async";
}

const STORE_NAMES = ["sync", "read"];

/** In bytes. Twice as much took 38 MB more with 400,000 sessions, and no less time. */
const WRITE_BUFFER = 8 * 1024 * 1024;

export function storeSettings(options: LevelStoreOptions): StoreSettings {
  known(options, STORE_NAMES);
  const { sync = true, read = "sync" } = options;
  if (typeof sync !== "boolean") throw invalid("sync must be true or false.");
  if (read !== "sync" && read !== "async") throw invalid(`read must be "sync" or "async".`);
  return { sync, read };
}

export function openSettings(
  options: LevelOpenOptions,
): StoreSettings & { writeBufferSize: number } {
  known(options, [...STORE_NAMES, "writeBufferSize"]);
  const { writeBufferSize = WRITE_BUFFER, ...rest } = options;
  if (
    !Number.isInteger(writeBufferSize) ||
    writeBufferSize < 2 ** 16 ||
    writeBufferSize > 2 ** 30
  ) {
    throw invalid("writeBufferSize must be a whole number of bytes from 65536 to 1073741824.");
  }
  return { ...storeSettings(rest), writeBufferSize };
}

export function checkLocation(location: string): void {
  if (typeof location === "string" && location !== "" && !location.includes("\0")) return;
  throw invalid("The location must be the path of a directory, without NUL.");
}

/** A misspelt option would otherwise leave the default in place in silence. */
function known(options: unknown, names: readonly string[]): void {
  if (typeof options !== "object" || options === null) {
    throw invalid(`The options must be an object with ${names.join(", ")}.`);
  }
  const unknown = Object.keys(options).find((name) => !names.includes(name));
  if (unknown === undefined) return;
  const where = unknown === "writeBufferSize" ? " It belongs to LevelStore.open()." : "";
  throw invalid(`There is no option "${unknown}" here, only ${names.join(", ")}.${where}`);
}

function invalid(message: string): SessionError {
  return new SessionError("INVALID_OPTION", `LevelStore: ${message}`);
}
