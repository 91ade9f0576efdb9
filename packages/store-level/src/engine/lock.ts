import { closeSync, fstatSync, openSync, readdirSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { engineCode } from "@sess/core/adapter";
import { lockedError } from "../faults.ts";
import type { Directory } from "./directory.ts";

// LevelDB guards its directory with a lock that a process loses as soon as it closes any file descriptor
// of LOCK. A second open in the same process does just that: it fails, and from then on another process
// can open the directory too, and both write. So a second open is refused here, before LevelDB sees it.
//
// What holds this lock ends with its process. A pid in a file would outlive a crash, and in a container
// the next process has the same pid.

/** Held until it is released or the process ends. */
export interface Lock {
  /** Releasing twice is fine. */
  release(): Promise<void>;
}

/** `name`: a socket or pipe named after the directory. `file`: a file in it that is kept open. */
export type LockKind = "name" | "file";

/**
 * Takes the lock of a directory.
 *
 * @throws STORE_LOCKED if a thread of this process, or another process that can be seen from here, has it.
 */
export async function lockDirectory(directory: Directory, kind = defaultKind()): Promise<Lock> {
  return kind === "name" ? lockByName(directory) : lockByFile(directory);
}

/** Only Linux and Windows have names that vanish with the process that listens under them. */
function defaultKind(): LockKind {
  return process.platform === "linux" || process.platform === "win32" ? "name" : "file";
}

async function lockByName(directory: Directory): Promise<Lock> {
  const name = `sess-level-${directory.identity}`;
  const path = process.platform === "win32" ? `\\\\.\\pipe\\${name}` : `\0${name}`;
  const server = createServer((socket) => socket.destroy());
  try {
    await listen(server, path);
  } catch (error) {
    const code = engineCode(error);
    if (code === "EADDRINUSE") throw directoryLocked(directory, error);
    // A sandbox may forbid sockets of this family.
    const isForbidden = code === "EAFNOSUPPORT" || code === "EACCES" || code === "EPERM";
    if (isForbidden) return lockByFile(directory);
    throw error;
  }
  return { release: () => new Promise((resolve) => server.close(() => resolve())) };
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    // Exclusive, because the workers of a cluster would otherwise share one server, and so the lock.
    server.listen({ path, exclusive: true }, () => {
      server.unref();
      resolve();
    });
  });
}

/**
 * Guards against other stores of this process; LevelDB's own lock guards against other processes. Two
 * that open at the same instant may both be refused, but are never both let in: each looks only once its
 * own file is open for the other to see.
 */
function lockByFile(directory: Directory): Lock {
  const descriptor = openSync(join(directory.path, "sess.lock"), "a", 0o600);
  const own = fileOf(descriptor);
  const others = openDescriptors().filter((other) => other !== descriptor);
  if (others.some((other) => fileOf(other) === own)) {
    closeSync(descriptor);
    throw directoryLocked(directory);
  }
  let isHeld = true;
  return {
    release: async () => {
      // Once it is closed, the number may be that of another file.
      if (isHeld) closeSync(descriptor);
      isHeld = false;
    },
  };
}

/** The file descriptors of all threads of this process. */
function openDescriptors(): number[] {
  return readdirSync("/dev/fd").map(Number);
}

/** Which file it is, under whatever path; undefined if it has been closed since it was listed. */
function fileOf(descriptor: number): string | undefined {
  try {
    const { dev, ino } = fstatSync(descriptor, { bigint: true });
    return `${dev}-${ino}`;
  } catch {
    return undefined;
  }
}

function directoryLocked({ path }: Directory, error?: unknown) {
  return lockedError(
    `Another store has the sessions in ${path} open, in this process or another one. A LevelDB directory belongs to one store: share that one, or close it first.`,
    error,
  );
}
