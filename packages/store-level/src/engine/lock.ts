import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { directoryLocked, displacedError, openError } from "../faults.ts";
import type { Directory } from "./directory.ts";
import { HeldFile } from "./held-file.ts";
import { purposesElsewhere, purposesHere } from "./open-files.ts";

// LevelDB locks its file LOCK with fcntl. That keeps out other processes, in other containers too, and
// ends with its process. But a process loses such a lock as soon as it closes any descriptor of LOCK.
// LevelDB does just that when one process opens the directory a second time, and so does code in this
// process that copies the directory. Then another process could get in, and both would write.
//
// So there is a second file, sess.lock. A store that is about to open the directory has it open for
// reading; one that has opened the directory has it open for writing. The system knows which process has
// which file open, forgets it when the process ends, and lets nobody open this one who may not use it.
//
// Where the system does not tell what other processes have open (in another container, or on a system
// without /proc), one can still get in once LevelDB's lock is lost. It leaves its mark in the file, and the
// store that was there before acknowledges nothing more.

/** The file that a store keeps open in its directory. */
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
  /** For people, too, who wonder which process it is. */
  readonly #mark = `process ${process.pid}, ${randomUUID()}\n`;
  #file: HeldFile;
  #isConfirmed = false;
  /** When the file had last changed when our mark was found in it. */
  #checkedFor: number | undefined;

  private constructor(directory: Directory) {
    this.#directory = directory;
    this.#pathNextTime = join(directory.location, LOCK_FILE);
    this.#file = new HeldFile(
      join(directory.path, LOCK_FILE),
      constants.O_RDONLY | constants.O_CREAT,
    );
    try {
      // Windows opens no directory as a file, and moves none in which files are open.
      if (process.platform !== "win32") this.#heldDirectory = HeldFile.directory(directory.path);
    } catch (error) {
      this.#file.close();
      throw error;
    }
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
   * To be called at the last moment before LevelDB opens the directory: another process may have opened it
   * since it was taken, and have given LevelDB's lock away by now.
   *
   * @throws STORE_LOCKED
   */
  assertFree(): void {
    if (this.#isOpenElsewhere()) throw directoryLocked(this.#directory.path);
  }

  /**
   * Leaves this store's mark: the directory is open. To be called once LevelDB has locked it.
   *
   * @throws STORE_UNAVAILABLE if the directory is another one by now.
   */
  async confirm(): Promise<void> {
    const reading = this.#file;
    if (reading.at(this.#pathNextTime) === undefined) {
      throw displacedError(this.#directory.location);
    }
    this.#file = new HeldFile(join(this.#directory.path, LOCK_FILE), constants.O_RDWR);
    reading.close();
    this.#isConfirmed = true;
    this.#file.write(this.#mark);
    await this.#outlastOthers();
  }

  /**
   * Waits for processes that looked before the mark was there: LevelDB refuses them now, and might not once
   * code in this process has copied the directory. A backup may have the file open for longer.
   */
  async #outlastOthers(): Promise<void> {
    const isAwaited = () => purposesElsewhere(this.#file.stats, LOCK_FILE).includes("reading");
    for (let attempt = 1; attempt < MAX_ATTEMPTS && isAwaited(); attempt += 1) {
      await wait(1 + Math.random() * MAX_WAIT);
    }
  }

  /**
   * What became of the directory. "displaced": it was removed, renamed, replaced or emptied, so that the
   * next process would not find it. "taken": another process has opened it.
   */
  state(): "ours" | "displaced" | "taken" {
    const file = this.#file.at(this.#pathNextTime);
    if (file === undefined) return "displaced";
    if (file.mtimeMs === this.#checkedFor) return "ours";
    if (!this.#hasOurMark()) return "taken";
    this.#checkedFor = file.mtimeMs;
    return "ours";
  }

  /** Whether the directory is where the next process would look for it, whatever is in it. */
  isDirectoryInPlace(): boolean {
    if (this.#heldDirectory === undefined) return true;
    return this.#heldDirectory.at(this.#directory.location) !== undefined;
  }

  /** Releasing twice is fine. */
  release(): void {
    if (this.#isConfirmed && this.#hasOurMark()) this.#removeMark();
    this.#file.close();
    this.#heldDirectory?.close();
  }

  #hasOurMark(): boolean {
    try {
      return this.#file.read() === this.#mark;
    } catch {
      return false;
    }
  }

  /** If that fails, the next one to open the directory looks around for no reason. */
  #removeMark(): void {
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
    return this.#isOpenElsewhere() ? "open" : "none";
  }

  #isOpenElsewhere(): boolean {
    // Empty, it was closed in order. Otherwise its owner crashed, or lives and may have lost LevelDB's lock.
    if (this.#file.isEmpty()) return false;
    return purposesElsewhere(this.#file.stats, LOCK_FILE).includes("writing");
  }
}
