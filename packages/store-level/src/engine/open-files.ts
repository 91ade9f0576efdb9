import { fstatSync, lstatSync, readdirSync, readlinkSync, type Stats, statSync } from "node:fs";
import { basename, join } from "node:path";
import { withoutProc } from "../faults.ts";
import { isSameFile } from "./held-file.ts";

/** What a file descriptor is for. */
export type Purpose = "reading" | "writing";

/**
 * All descriptors that this process has of `file`, which is called `name`, in all of its threads. Without
 * /proc nothing tells what they are for, and each counts as reading.
 *
 * @throws STORE_UNAVAILABLE on Linux if /proc is not mounted.
 */
export function purposesHere(file: Stats, name: string): Purpose[] {
  // There LevelDB's own lock has no gap: nobody can open its file a second time.
  if (process.platform === "win32") return [];
  if (process.platform !== "linux") return ownPurposes(file);
  try {
    return purposesOf("self", file, name);
  } catch (error) {
    throw withoutProc(error);
  }
}

/**
 * All descriptors of `file` in the other processes that this one may look into: on Linux those of the same user,
 * or of everybody for root, in this container or one inside it. Elsewhere none.
 */
export function purposesElsewhere(file: Stats, name: string): Purpose[] {
  if (process.platform !== "linux") return [];
  const own = String(process.pid);
  const processes = readdirSync("/proc").filter((entry) => /^\d+$/.test(entry) && entry !== own);
  return processes.flatMap((id) => unlessGone(() => purposesOf(id, file, name)) ?? []);
}

/** What follows the name of a file that has been removed. */
const REMOVED = " (deleted)";

/** In the mode of a link in /proc: the descriptor is open for writing. */
const WRITES = 0o200;

function purposesOf(id: string, file: Stats, name: string): Purpose[] {
  const directory = `/proc/${id}/fd`;
  const purposeOf = (descriptor: string): Purpose | undefined => {
    const link = join(directory, descriptor);
    // The name first: to ask for a file on a network that is down could take for ever.
    const found = basename(readlinkSync(link));
    if (found !== name && found !== name + REMOVED) return undefined;
    if (!isSameFile(file, statSync(link))) return undefined;
    return (lstatSync(link).mode & WRITES) === 0 ? "reading" : "writing";
  };
  return readdirSync(directory)
    .map((descriptor) => unlessGone(() => purposeOf(descriptor)))
    .filter((each) => each !== undefined);
}

function ownPurposes(file: Stats): Purpose[] {
  return readdirSync("/dev/fd").flatMap((descriptor) => {
    const found = unlessGone(() => fstatSync(Number(descriptor)));
    return isSameFile(file, found) ? ["reading"] : [];
  });
}

/** Runs `ask`; undefined if the file or process has gone meanwhile, or this process may not look. */
function unlessGone<Result>(ask: () => Result): Result | undefined {
  try {
    return ask();
  } catch {
    return undefined;
  }
}
