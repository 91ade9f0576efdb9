import { linkSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { SessionError } from "@sess/core";

/** As long as a busy handler of a synchronous engine would block, in ms. */
const LIMIT_MS = 5_000;

const TRIES_BEFORE_A_PAUSE = 100;

/** A lock of a folder that all processes respect. What a process held that was killed is free again. */
export class FileLock {
  readonly #path: string;
  readonly #own: string;

  constructor(folder: string) {
    this.#path = `${folder}/lock`;
    this.#own = `${folder}/process-${process.pid}`;
  }

  /** @throws STORE_UNAVAILABLE if it is not granted in time. */
  acquire(): void {
    const end = performance.now() + LIMIT_MS;
    for (let tries = 1; !this.tryAcquire(); tries += 1) {
      if (performance.now() > end) throw new SessionError("STORE_UNAVAILABLE", "Locked.");
      if (tries % TRIES_BEFORE_A_PAUSE === 0) pauseBriefly();
    }
  }

  tryAcquire(): boolean {
    writeFileSync(this.#own, String(process.pid));
    try {
      // A link appears with its content, all at once, or not at all.
      linkSync(this.#own, this.#path);
      return true;
    } catch {
      this.#freeIfDead();
      return false;
    }
  }

  release(): void {
    rmSync(this.#path);
  }

  #freeIfDead(): void {
    try {
      const holder = Number(readFileSync(this.#path, "utf8"));
      if (!isAlive(holder)) rmSync(this.#path, { force: true });
    } catch {
      // It was released meanwhile.
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function pauseBriefly(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 0.1);
}
