import { SessionError } from "@sess/core";
import { causeOf, type Fault, FaultTable, isObject } from "@sess/core/adapter";

const RESTORE =
  "Restore a backup; or copy the directory and try ClassicLevel.repair() on the copy. The store never repairs it by itself, because a repair drops whatever it cannot read.";

/**
 * LevelDB gives one code, LEVEL_IO_ERROR, for all that its files can do to it, and the system's text for
 * the rest. The codes that begin with E are those of Node's file calls.
 */
const FAULTS: readonly Fault[] = [
  {
    codes: ["LEVEL_LOCKED"],
    code: "STORE_LOCKED",
    advice:
      "Another process has it open. A LevelDB directory belongs to one process at a time: close it there first, or keep the sessions in a store for many processes.",
  },
  {
    codes: ["LEVEL_DATABASE_NOT_OPEN"],
    code: "STORE_CLOSED",
    isOutcomeUnknown: false,
    advice: "The database has been closed. Open it again.",
  },
  {
    codes: ["ENOSPC", "EDQUOT", "EFBIG"],
    text: /: (No space left on device|Disk quota exceeded|File too large)$/,
    advice: "The disk is full. Free some space; the next call tries again.",
  },
  {
    codes: ["EROFS"],
    text: /: Read-only file system$/,
    advice:
      "The file system is read-only, and LevelDB must write even to read. Mount it writable or choose another directory.",
  },
  {
    codes: ["EACCES", "EPERM"],
    text: /: (Permission denied|Operation not permitted)$/,
    advice:
      "This process may not use it. Give the directory and all files in it to the user that the process runs as.",
  },
  {
    codes: ["ENAMETOOLONG"],
    text: /: File name too long$/,
    code: "INVALID_OPTION",
    advice: "The location is too long for the file system. Choose a shorter one.",
  },
  {
    codes: ["EEXIST", "ENOTDIR"],
    text: /: Not a directory$/,
    advice: "A file is in the way. Name a directory, or move the file.",
  },
  {
    codes: ["EMFILE", "ENFILE"],
    text: /: Too many open files( in system)?$/,
    advice: "Too many files are open. Raise the limit (ulimit -n).",
  },
  {
    codes: ["EIO"],
    text: /: Input\/output error$/,
    advice: "The disk fails. See the system's log.",
  },
  {
    codes: ["LEVEL_CORRUPTION"],
    text: /^Corruption: |: No such file or directory$|\.(ldb|sst): Invalid argument$|\(create_if_missing is false\)$/,
    code: "STORE_CORRUPT",
    advice: `Its files are damaged or incomplete. ${RESTORE}`,
  },
  {
    codes: ["ENOENT", "ELOOP"],
    advice:
      "It does not exist and cannot be made there. Is a link dangling, or a disk not mounted?",
  },
  {
    codes: ["LEVEL_*"],
    advice: "LevelDB reports a fault: see the cause, and the file LOG in its directory.",
  },
];

const table = new FaultTable({
  engine: "LevelDB",
  faults: FAULTS,
  // A batch that was handed over may turn up when the database is opened again, whatever it failed with.
  isRefusal: () => false,
});

/** The error for a call that only reads. */
export function readError(error: unknown): SessionError {
  return table.readError(reasonOf(error));
}

/** The error for a batch that was handed to LevelDB. */
export function writeError(error: unknown): SessionError {
  return table.writeError(reasonOf(error));
}

/** The error for a database in `path` that cannot be opened, or not be opened again. */
export function openError(path: string, error: unknown): SessionError {
  return table.errorOf(`Cannot open the sessions in ${path}.`, reasonOf(error));
}

/** The error for a directory that lacks the file `CURRENT`, which says what its tables and logs are. */
export function withoutCurrent(path: string): SessionError {
  return new SessionError(
    "STORE_CORRUPT",
    `Cannot open the sessions in ${path}. CURRENT is missing while data is there: LevelDB would start empty and delete it. ${RESTORE}`,
  );
}

/** The error for a disk that has no room for what opening the database in `path` writes. */
export function withoutRoom(path: string, needed: number, free: number): SessionError {
  return new SessionError(
    "STORE_UNAVAILABLE",
    `Nothing was written to LevelDB: the disk of ${path} is full. After a failed write the database must be opened again, which takes ${Math.ceil(needed / 1024)} KiB, and ${Math.floor(free / 1024)} KiB are free. Free some space; the next write tries again, and reads go on.`,
  );
}

/** The error for a disk that does not keep what is written. */
export function probeError(path: string, error: unknown): SessionError {
  return table.errorOf(
    `Nothing was written to LevelDB: after a failed write the database must be opened again, and a file to try the disk with could not be written and synced in ${path}. Reads go on, and the next write tries again.`,
    error,
  );
}

/** The error for a directory that another store has. */
export function directoryLocked(path: string): SessionError {
  return new SessionError(
    "STORE_LOCKED",
    `Another store has the sessions in ${path} open, in this process or another one. A LevelDB directory belongs to one store: share that one, or close it first.`,
  );
}

/** The error for a directory that another process opened although this one has it open. */
export function takenError(location: string): SessionError {
  return new SessionError(
    "STORE_LOCKED",
    `Another process has opened the directory ${location} while this store had it open, so nothing is acknowledged any more, and a write of this moment may be lost. Code in this process that copies or reads the directory gives LevelDB's lock away: copy it while the store is closed. Close this store.`,
  );
}

/** The error for a database that another store has. */
export function databaseLocked(): SessionError {
  return new SessionError(
    "STORE_LOCKED",
    "Another LevelStore uses this database. Share that store, or give each a sublevel of its own.",
  );
}

/** The error for a system that does not tell which files this process has open. */
export function withoutProc(error: unknown): SessionError {
  return new SessionError(
    "STORE_UNAVAILABLE",
    "Cannot tell whether another store of this process has the directory open, because /proc cannot be read. Mount it.",
    { cause: causeOf(error) },
  );
}

const DISPLACED =
  "was removed, renamed, replaced or emptied while the store had it open. Put it back; or close the store and open it again, which finds what is there now.";

/** The error for a batch that was written when the directory was no longer at `location`. */
export function displacedError(location: string): SessionError {
  return new SessionError(
    "STORE_UNAVAILABLE",
    `What was written to LevelDB is not where it would be looked for: the directory ${location} ${DISPLACED}`,
  );
}

/** The error for a batch that is not written, because the directory is no longer at `location`. */
export function stillDisplaced(location: string): SessionError {
  return new SessionError(
    "STORE_UNAVAILABLE",
    `Nothing was written to LevelDB: the directory ${location} ${DISPLACED} Reads go on.`,
  );
}

/** Whether one record or its place on the disk is damaged, which must not stop work on the others. */
export function isDamage(error: unknown): boolean {
  if (!(error instanceof SessionError)) return false;
  return error.code === "RECORD_CORRUPT" || error.code === "STORE_CORRUPT";
}

/** A failed open wraps the error of the engine, and only that says why. */
function reasonOf(error: unknown): unknown {
  if (error instanceof SessionError || !isObject(error)) return error;
  return error["cause"] === undefined ? error : reasonOf(error["cause"]);
}
