import {
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  openSync,
  type Stats,
  statSync,
  writeSync,
} from "node:fs";

/**
 * A file or directory that is kept open: it can be recognised under any path, since nothing new gets its
 * number meanwhile.
 */
export class HeldFile {
  readonly stats: Stats;
  #descriptor: number | undefined;

  /** `flags` are those of open(2). A file that is made is for its owner alone. */
  constructor(path: string, flags: number) {
    this.#descriptor = openSync(path, flags, 0o600);
    this.stats = fstatSync(this.#descriptor);
  }

  static directory(path: string): HeldFile {
    return new HeldFile(path, constants.O_RDONLY);
  }

  /** Whether `path` leads to it. Costs 2 µs. */
  isAt(path: string): boolean {
    try {
      return isSameFile(this.stats, statSync(path, { throwIfNoEntry: false }));
    } catch {
      return false;
    }
  }

  /** Replaces all that is in it. */
  write(text: string): void {
    if (this.#descriptor === undefined) return;
    ftruncateSync(this.#descriptor);
    writeSync(this.#descriptor, text);
  }

  /** Closing twice is fine. */
  close(): void {
    const descriptor = this.#descriptor;
    // Once it is closed, the number may be that of another file.
    this.#descriptor = undefined;
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** Whether two answers of the system are about one file, whatever the path, link or mount. */
export function isSameFile(one: Stats, other: Stats | undefined): boolean {
  return one.ino === other?.ino && one.dev === other.dev;
}
