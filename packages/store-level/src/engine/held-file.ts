import {
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  openSync,
  readSync,
  type Stats,
  statSync,
  writeSync,
} from "node:fs";

/** In bytes. */
const SHORT = 1024;

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

  /** What the system says of it now, if `path` leads to it; otherwise undefined. Costs 2 µs. */
  at(path: string): Stats | undefined {
    try {
      const found = statSync(path, { throwIfNoEntry: false });
      return isSameFile(this.stats, found) ? found : undefined;
    } catch {
      return undefined;
    }
  }

  /** Whether there is nothing in it. */
  isEmpty(): boolean {
    return this.#descriptor === undefined || fstatSync(this.#descriptor).size === 0;
  }

  /** What is in it, if that is short. */
  read(): string {
    if (this.#descriptor === undefined) return "";
    const bytes = Buffer.alloc(SHORT);
    return bytes.toString("utf8", 0, readSync(this.#descriptor, bytes, 0, SHORT, 0));
  }

  /** Replaces all that is in it. */
  write(text: string): void {
    if (this.#descriptor === undefined) return;
    ftruncateSync(this.#descriptor);
    writeSync(this.#descriptor, text, 0);
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
export function isSameFile(one: Stats, other: Stats | undefined): other is Stats {
  return one.ino === other?.ino && one.dev === other.dev;
}
