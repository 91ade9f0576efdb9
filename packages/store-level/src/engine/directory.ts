import { existsSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { mkdir, open, readdir, realpath, rm, stat, statfs } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { engineCode } from "@sess/core/adapter";
import { openError, probeError, withoutCurrent, withoutRoom } from "../faults.ts";

/** A directory that exists. */
export interface Directory {
  /** Without links. */
  readonly path: string;
  /** As it was given, but absolute: what the next process would open. */
  readonly location: string;
}

/**
 * Finds the directory, or makes it. A new one is for its owner alone; one that exists keeps its mode.
 *
 * @throws STORE_UNAVAILABLE or INVALID_OPTION if there can be no directory at `location`.
 */
export async function openDirectory(location: string): Promise<Directory> {
  try {
    const absolute = resolve(location);
    await makeDirectory(absolute, 0o700);
    return { path: await realpath(absolute), location: absolute };
  } catch (error) {
    throw openError(location, error);
  }
}

/**
 * Whether there is a database in `path`. If `MANIFEST`, `LOCK` and `LOG` are all there is, its creation
 * crashed.
 *
 * @throws STORE_CORRUPT if `CURRENT` is missing: LevelDB would take the directory for a new one and
 * delete the tables in it.
 */
export async function holdsDatabase(path: string): Promise<boolean> {
  const names = await readdir(path);
  if (names.includes("CURRENT")) return true;
  if (names.some(isDataFile)) throw withoutCurrent(path);
  return false;
}

/**
 * Takes away the `CURRENT` of a database whose creation a power loss cut short, and returns whether it
 * did. LevelDB does not sync the first `MANIFEST` of a directory, so `CURRENT` can name an empty one.
 * Nothing is lost then: `CURRENT` names the second before anything can be written.
 *
 * Only for a database that LevelDB could not open, though it had the lock: while another process creates
 * one, it looks the same. Synchronous, so that as little as possible comes between the look and the deed.
 */
export function removeUnfinished(path: string): boolean {
  const current = join(path, "CURRENT");
  if (!existsSync(current) || readFileSync(current, "latin1") !== "MANIFEST-000001\n") return false;
  const dataFiles = readdirSync(path).filter(isDataFile);
  if (dataFiles.some((name) => statSync(join(path, name)).size > 0)) return false;
  rmSync(current);
  return true;
}

function isDataFile(name: string): boolean {
  return /^\d+\.(ldb|sst|log)$/.test(name);
}

/** What opening writes besides the logs, in bytes: at least this much, and a quarter of the logs. */
const LEAST_OVERHEAD = 256 * 1024;

/**
 * Opening a database writes the content of its logs as tables, and a little more. If there is no room
 * for that, closing it would leave nothing to read from.
 *
 * @throws STORE_UNAVAILABLE if the disk has no room for it.
 */
export async function assertRoom(path: string): Promise<void> {
  const logs = (await readdir(path)).filter((name) => /^\d+\.log$/.test(name));
  const bytes = await totalSize(path, logs);
  const needed = bytes + Math.max(bytes / 4, LEAST_OVERHEAD);
  const { bavail, bsize } = await statfs(path);
  if (bavail * bsize < needed) throw withoutRoom(path, needed, bavail * bsize);
}

/** A file that is there only while a disk is tried. LevelDB leaves alone what it has not named. */
const PROBE = "sess-probe";

/**
 * Tries with a file of its own whether the disk keeps what is written. If it does not, opening would
 * fail too, and closing the database would leave nothing to read from.
 *
 * @throws STORE_UNAVAILABLE if the file could not be written and synced.
 */
export async function assertDiskKeeps(path: string): Promise<void> {
  const probe = join(path, PROBE);
  try {
    const file = await open(probe, "w", 0o600);
    try {
      await file.write("kept?");
      await file.datasync();
    } finally {
      await file.close();
    }
  } catch (error) {
    throw probeError(path, error);
  } finally {
    await rm(probe, { force: true }).catch(() => {});
  }
}

/** In bytes. */
async function totalSize(path: string, names: readonly string[]): Promise<number> {
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(path, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** One directory after the other: on Node 20 a recursive mkdir under /proc never returns. */
async function makeDirectory(path: string, mode?: number): Promise<void> {
  try {
    await makeOne(path, mode);
  } catch (error) {
    const parent = dirname(path);
    if (engineCode(error) !== "ENOENT" || parent === path) throw error;
    await makeDirectory(parent);
    await makeOne(path, mode);
  }
}

async function makeOne(path: string, mode: number | undefined): Promise<void> {
  try {
    await mkdir(path, { mode });
  } catch (error) {
    const found = await stat(path).catch((missing: unknown) => {
      // What exists and yet cannot be found is a dangling link.
      throw engineCode(error) === "EEXIST" ? missing : error;
    });
    if (!found.isDirectory()) throw error;
  }
}
