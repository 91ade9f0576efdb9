import { mkdir, open, readdir, readFile, realpath, rm, stat, statfs } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { SessionError } from "@sess/core";
import { errorCode, headlessError, openError, probeError } from "./engine-errors.ts";

/** A directory that exists, whatever its spelling was. */
export interface Directory {
  readonly path: string;
  /** The same for every path, link and mount that leads to it. */
  readonly identity: string;
}

/** Finds or makes it. A new one is for its owner alone, one that exists keeps its mode. */
export async function openDirectory(location: string): Promise<Directory> {
  try {
    await makeDirectory(resolve(location), 0o700);
    const path = await realpath(location);
    const { dev, ino } = await stat(path, { bigint: true });
    return { path, identity: `${dev}-${ino}` };
  } catch (error) {
    throw openError(location, error);
  }
}

/**
 * Whether there is a database. LevelDB would take a directory that has lost its `CURRENT` for a new
 * one and delete the tables in it. `MANIFEST`, `LOCK` and `LOG` alone are a creation that crashed.
 */
export async function holdsDatabase(path: string): Promise<boolean> {
  const names = await readdir(path);
  const data = names.filter((name) => /^\d+\.(ldb|sst|log)$/.test(name));
  const hasCurrent = names.includes("CURRENT");
  if (!hasCurrent && data.length > 0) throw headlessError(path);
  if (!hasCurrent || !(await isUnfinished(path, data))) return hasCurrent;
  await rm(join(path, "CURRENT"));
  return false;
}

/**
 * LevelDB does not sync the first `MANIFEST` of a directory, so a power loss can leave a `CURRENT` that
 * names an empty one. Nothing is lost then: it names the second before anything can be written.
 */
async function isUnfinished(path: string, data: readonly string[]): Promise<boolean> {
  const current = await readFile(join(path, "CURRENT"), "latin1");
  if (current !== "MANIFEST-000001\n") return false;
  const sizes = await Promise.all(data.map(async (name) => (await stat(join(path, name))).size));
  return sizes.every((size) => size === 0);
}

/**
 * Rejects where the disk has no room for what opening writes: the content of the logs as tables, and
 * what goes with them. To close there would leave nothing to read from.
 */
export async function assertRoom(path: string): Promise<void> {
  const names = (await readdir(path)).filter((name) => /^\d+\.log$/.test(name));
  const logs = await Promise.all(names.map(async (name) => (await stat(join(path, name))).size));
  const bytes = logs.reduce((sum, size) => sum + size, 0);
  const needed = bytes + Math.max(bytes / 4, 256 * 1024);
  const { bavail, bsize } = await statfs(path);
  if (bavail * bsize >= needed) return;
  throw new SessionError(
    "STORE_UNAVAILABLE",
    `Nothing was written: the disk of ${path} is full. After a failed write the database must be reopened, which takes ${Math.ceil(needed / 1024)} KiB, and ${Math.floor((bavail * bsize) / 1024)} KiB are free. Free some space; the next write tries again, and reads go on.`,
  );
}

/** A file that is there only while a disk is tried. LevelDB keeps to names of its own. */
const PROBE = "sess-probe";

/**
 * Rejects while the disk does not keep what is written, which a file of its own shows. To close then
 * would leave nothing to read from: opening writes, and would fail as well.
 */
export async function assertKeeps(path: string): Promise<void> {
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

/** One by one: Node 20 never comes back from a recursive mkdir under /proc. */
async function makeDirectory(path: string, mode?: number): Promise<void> {
  try {
    await makeOne(path, mode);
  } catch (error) {
    const parent = dirname(path);
    if (errorCode(error) !== "ENOENT" || parent === path) throw error;
    await makeDirectory(parent);
    await makeOne(path, mode);
  }
}

async function makeOne(path: string, mode: number | undefined): Promise<void> {
  try {
    await mkdir(path, { mode });
  } catch (error) {
    const found = await stat(path).catch((missing: unknown) => {
      // What exists and is not there is a dangling link.
      throw errorCode(error) === "EEXIST" ? missing : error;
    });
    if (!found.isDirectory()) throw error;
  }
}
