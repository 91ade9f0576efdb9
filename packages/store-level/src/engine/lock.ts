import { constants } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { directoryLocked, displacedError, openError } from "../faults.ts";
import type { Directory } from "./directory.ts";
import { HeldFile } from "./held-file.ts";
import { purposesAnywhere, purposesHere } from "./open-files.ts";

// LevelDB locks its file LOCK with fcntl. That keeps out other processes, in other containers too, and
// ends with its process. But a process loses such a lock as soon as it closes any descriptor of LOCK.
// LevelDB does just that when one process opens the directory a second time, and so does code in this
// process that copies the directory. Then another process could get in, and both would write.
//
// So there is a second file, sess.lock. A store that is about to open the directory has it open for
// reading; one that has opened the directory has it open for writing. The system knows which process has
// which file open, forgets it when the process ends, and lets nobody open this one who may not use it.

/** The file that a store keeps open in its directory. It holds the process id, for people to read. */
const LOCK_FILE = "sess.lock";

/** Stores of one process that open one directory at the same time wait for each other so many times. */
const MAX_ATTEMPTS = 40;

/** In ms, at most. It differs each time, or two threads could meet again and again. */
const MAX_WAIT = 25;

// Taken at import, so that a test that fakes timers later does not stop it.
const wait = setTimeout;

/** Held until it is released or the process ends. */
export class DirectoryLock {
  readonly #directory: Directory;
  /** The path under which the next process would look for the file. */
  readonly #pathNextTime: string;
  readonly #heldDirectory: HeldFile | undefined;
  #file: HeldFile;
  #isConfirmed = false;

  private constructor(directory: Directory) {
    this.#directory = directory;
    this.#pathNextTime = join(directory.location, LOCK_FILE);
    this.#file = new HeldFile(
      join(directory.path, LOCK_FILE),
      constants.O_RDONLY | constants.O_CREAT,
    );
    // Windows opens no directory as a file, and moves none in which files are open.
    if (process.platform !== "win32") this.#heldDirectory = HeldFile.directory(directory.path);
  }

  /**
   * Takes the directory for this process, before LevelDB looks at it.
   *
   * @throws STORE_LOCKED if another store has it; STORE_UNAVAILABLE if the file cannot be used.
   */
  static async take(directory: Directory): Promise<DirectoryLock> {
    for (let attempt = 1; ; attempt += 1) {
      const lock = DirectoryLock.#tryToTake(directory, attempt === MAX_ATTEMPTS);
      if (lock !== undefined) return lock;
      await wait(1 + Math.random() * MAX_WAIT);
    }
  }

  /** Undefined if another store of this process is opening the directory, unless this is the last try. */
  static #tryToTake(directory: Directory, isLast: boolean): DirectoryLock | undefined {
    let lock: DirectoryLock | undefined;
    try {
      lock = new DirectoryLock(directory);
      const others = lock.#others();
      if (others === "none") return lock;
      if (others === "open" || isLast) throw directoryLocked(directory.path);
      lock.release();
      return undefined;
    } catch (error) {
      lock?.release();
      throw openError(directory.path, error);
    }
  }

  /**
   * Tells other processes that the directory is open. To be called once LevelDB has locked it.
   *
   * @throws STORE_UNAVAILABLE if the directory is another one by now.
   */
  confirm(): void {
    if (!this.isInPlace()) throw displacedError(this.#directory.location);
    const reading = this.#file;
    this.#file = new HeldFile(join(this.#directory.path, LOCK_FILE), constants.O_RDWR);
    reading.close();
    this.#isConfirmed = true;
    this.#file.write(`${process.pid}\n`);
  }

  /**
   * Whether the file is where the next process would look for it. If not, the directory was removed,
   * renamed, replaced or emptied.
   */
  isInPlace(): boolean {
    return this.#file.isAt(this.#pathNextTime);
  }

  /** Whether the directory is where the next process would look for it, whatever is in it. */
  isDirectoryInPlace(): boolean {
    return this.#heldDirectory?.isAt(this.#directory.location) ?? true;
  }

  /** Releasing twice is fine. */
  release(): void {
    if (this.#isConfirmed) this.#noteClosed();
    this.#file.close();
    this.#heldDirectory?.close();
  }

  /** If that fails, the next one to open the directory looks around for no reason. */
  #noteClosed(): void {
    try {
      this.#file.write("");
    } catch {}
  }

  /** What other stores do with the directory. */
  #others(): "none" | "opening" | "open" {
    const here = purposesHere(this.#file.stats, LOCK_FILE);
    if (here.includes("writing")) return "open";
    // One of them is this lock's own.
    if (here.length > 1) return "opening";
    // Empty, it was closed in order. Otherwise its owner crashed, or lives and may have lost LevelDB's lock.
    if (this.#file.stats.size === 0) return "none";
    return purposesAnywhere(this.#file.stats, LOCK_FILE).includes("writing") ? "open" : "none";
  }
}
