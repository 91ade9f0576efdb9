import { SessionError, type SessionErrorCode } from "@sess/core";

interface Fault {
  /** Codes of Node's file calls and of the engine. */
  readonly codes: readonly string[];
  /** How the engine's text ends or begins where it gives no code, or one code for many things. */
  readonly text?: RegExp;
  readonly is: SessionErrorCode;
  readonly what: string;
}

const RESTORE =
  "Restore a backup; or copy the directory and try ClassicLevel.repair() on the copy. It is never repaired by itself, since repairing drops what cannot be read.";

const FAULTS: readonly Fault[] = [
  {
    codes: ["LEVEL_LOCKED"],
    is: "STORE_LOCKED",
    what: "Another process has it open. A LevelDB directory belongs to one process at a time: close it there first, or keep the sessions in a store for many processes.",
  },
  {
    codes: ["LEVEL_DATABASE_NOT_OPEN"],
    is: "STORE_CLOSED",
    what: "The database has been closed. Open it again.",
  },
  {
    codes: ["ENOSPC", "EDQUOT", "EFBIG"],
    text: /: (No space left on device|Disk quota exceeded|File too large)$/,
    is: "STORE_UNAVAILABLE",
    what: "The disk is full. Free some space; the next call tries again.",
  },
  {
    codes: ["EROFS"],
    text: /: Read-only file system$/,
    is: "STORE_UNAVAILABLE",
    what: "The file system is read-only, and LevelDB must write even to read. Mount it writable or choose another directory.",
  },
  {
    codes: ["EACCES", "EPERM"],
    text: /: (Permission denied|Operation not permitted)$/,
    is: "STORE_UNAVAILABLE",
    what: "This process may not use it. Give the directory and all files in it to the user that the process runs as.",
  },
  {
    codes: ["ENAMETOOLONG"],
    text: /: File name too long$/,
    is: "INVALID_OPTION",
    what: "The location is too long for the file system. Choose a shorter one.",
  },
  {
    codes: ["EEXIST", "ENOTDIR"],
    text: /: Not a directory$/,
    is: "STORE_UNAVAILABLE",
    what: "A file is in the way. Name a directory, or move the file.",
  },
  {
    codes: ["EMFILE", "ENFILE"],
    text: /: Too many open files( in system)?$/,
    is: "STORE_UNAVAILABLE",
    what: "Too many files are open. Raise the limit (ulimit -n).",
  },
  {
    codes: ["LEVEL_CORRUPTION"],
    text: /^Corruption: |: No such file or directory$|\.(ldb|sst): Invalid argument$|\(create_if_missing is false\)$/,
    is: "STORE_CORRUPT",
    what: `Its files are damaged or incomplete. ${RESTORE}`,
  },
  {
    codes: ["ENOENT", "ELOOP"],
    is: "STORE_UNAVAILABLE",
    what: "It does not exist and cannot be made there. Is a link dangling, or a disk not mounted?",
  },
];

/** Node's or the engine's, where there is one. */
export function errorCode(error: unknown): unknown {
  return isError(error) && "code" in error ? error.code : undefined;
}

/** The database in `path` could not be opened, or reopened. */
export function openError(path: string, error: unknown): SessionError {
  return mapped(`Cannot open the sessions in ${path}.`, error);
}

export function readError(error: unknown): SessionError {
  return mapped("Cannot read from LevelDB.", error);
}

/** Tables or logs lie there without the file that says what they are. */
export function headlessError(path: string): SessionError {
  return new SessionError(
    "STORE_CORRUPT",
    `Cannot open the sessions in ${path}. CURRENT is missing while data is there: opening would start empty and delete it. ${RESTORE}`,
  );
}

/** What was tried on the disk of `path` failed, so the database stays as it is. */
export function probeError(path: string, error: unknown): SessionError {
  return new SessionError(
    "STORE_UNAVAILABLE",
    `Nothing was written: after a failed write the database must be reopened, and a file to try that with could not be written and synced in ${path}. ${faultOf(error)?.what ?? "See the error's cause, and the system's log."} Reads go on, and the next write tries again.`,
    { cause: error },
  );
}

/** The batch was handed to the engine and may be found after a restart, or not. */
export function writeError(error: unknown): SessionError {
  const known = faultOf(error);
  if (known?.is === "STORE_CLOSED") return mapped("Nothing was written.", error);
  return new SessionError(
    "STORE_UNAVAILABLE",
    `A write failed and its outcome is unknown: it may turn up once the database has been reopened. Load the session before you repeat it. ${known?.what ?? ""}`.trim(),
    { cause: error },
  );
}

function mapped(happened: string, error: unknown): SessionError {
  if (error instanceof SessionError) return error;
  const known = faultOf(error);
  const what = known?.what ?? "LevelDB reports a fault: see the error's cause, and the file LOG.";
  return new SessionError(known?.is ?? "STORE_UNAVAILABLE", `${happened} ${what}`, {
    cause: error,
  });
}

/** A failed open wraps the engine's error, and only that says why. */
function faultOf(error: unknown): Fault | undefined {
  if (!isError(error)) return undefined;
  if (isError(error.cause)) return faultOf(error.cause);
  const code = errorCode(error);
  return FAULTS.find(
    ({ codes, text }) => codes.some((known) => known === code) || text?.test(error.message),
  );
}

/** The fault of one record or of its place on disk, which must not stop work on the others. */
export function isDamage(error: unknown): boolean {
  if (!(error instanceof SessionError)) return false;
  return error.code === "RECORD_CORRUPT" || error.code === "STORE_CORRUPT";
}

/** By its shape, since the engine's errors need not be of the realm that this code runs in. */
function isError(error: unknown): error is Error {
  return typeof error === "object" && error !== null && "message" in error;
}
