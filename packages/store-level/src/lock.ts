import { closeSync, fstatSync, openSync, readdirSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { SessionError } from "@sess/core";
import type { Directory } from "./directory.ts";
import { errorCode } from "./engine-errors.ts";

// LevelDB guards its directory with a lock of the kind that a process loses as soon as it closes any
// file handle on LOCK, and a second open in the same process does just that: it fails, and from then
// on another process can open the directory and both write. So a second open is refused here, before
// LevelDB sees it. What holds the lock is alive by nature and ends with its process: a pid in a file
// would outlive a crash, and in a container the next process has the same pid.

/** Held until it is released or the process ends. */
export interface Lock {
  release(): Promise<void>;
}

/** `name`: a socket or pipe named after the directory. `file`: a file in it that is held open. */
export type LockKind = "name" | "file";

/** Rejects with `STORE_LOCKED` where any thread of any process that can be seen from here has it. */
export async function lockDirectory(directory: Directory, kind = kindHere()): Promise<Lock> {
  return kind === "name" ? lockByName(directory) : lockByFile(directory);
}

/** Only Linux and Windows have names that vanish with the process which listens under them. */
function kindHere(): LockKind {
  return process.platform === "linux" || process.platform === "win32" ? "name" : "file";
}

async function lockByName(directory: Directory): Promise<Lock> {
  const name = `sess-level-${directory.identity}`;
  const path = process.platform === "win32" ? `\\\\.\\pipe\\${name}` : `\0${name}`;
  const server = createServer((socket) => socket.destroy());
  try {
    await listen(server, path);
  } catch (error) {
    const code = errorCode(error);
    if (code === "EADDRINUSE") throw lockedError(directory.path, error);
    // A sandbox may forbid sockets of this family.
    if (code === "EAFNOSUPPORT" || code === "EACCES" || code === "EPERM")
      return lockByFile(directory);
    throw error;
  }
  return { release: () => new Promise((resolve) => server.close(() => resolve())) };
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    // Exclusive, since in a cluster all workers would share one server and so one lock.
    server.listen({ path, exclusive: true }, () => {
      server.unref();
      resolve();
    });
  });
}

/**
 * Guards against the other stores of this process; against other processes LevelDB's own lock does.
 * Two that open at the same instant may both be refused, but never both let in: each looks only when
 * its own handle is already there for the other to see.
 */
function lockByFile({ path }: Directory): Lock {
  const handle = openSync(join(path, "sess.lock"), "a", 0o600);
  const own = identity(handle);
  if (openHandles().some((other) => other !== handle && identity(other) === own)) {
    closeSync(handle);
    throw lockedError(path);
  }
  return { release: async () => closeSync(handle) };
}

/** All of this process, those of its other threads too. */
function openHandles(): number[] {
  return readdirSync("/dev/fd").map(Number);
}

function identity(handle: number): string | undefined {
  try {
    const { dev, ino } = fstatSync(handle, { bigint: true });
    return `${dev}-${ino}`;
  } catch {
    // Closed since it was listed.
    return undefined;
  }
}

function lockedError(path: string, cause?: unknown): SessionError {
  return new SessionError(
    "STORE_LOCKED",
    `Another store has the sessions in ${path} open, in this process or another one. A LevelDB directory belongs to one store: share that one, or close it first.`,
    { cause },
  );
}
