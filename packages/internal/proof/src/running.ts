import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { setImmediate as turn } from "node:timers/promises";
import { afterEach } from "@jest/globals";

const running = new Set<ChildProcess>();

afterEach(async () => {
  for (const child of running) await killed(child);
});

/** A Node process that ends with its test. What it writes to stdout is read; stdin is a pipe to it. */
export function start(
  file: string,
  args: readonly string[],
  options: SpawnOptions = {},
): ChildProcess {
  return startCommand([process.execPath, file, ...args], options);
}

/** The same for any command. */
export function startCommand(
  [command = "", ...args]: readonly string[],
  options: SpawnOptions = {},
): ChildProcess {
  const child = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"], ...options });
  running.add(child);
  child.once("close", () => running.delete(child));
  return child;
}

/** The lines that it writes, as they come. */
export function linesOf(child: ChildProcess): AsyncIterableIterator<string> {
  if (child.stdout === null) throw new Error("nothing to read from");
  return createInterface({ input: child.stdout })[Symbol.asyncIterator]();
}

/** All lines that it writes until it ends. */
export async function allLines(child: ChildProcess): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of linesOf(child)) lines.push(line);
  return lines;
}

/** Ends it as a crash would, and waits until all that it wrote has come. */
export async function killed(child: ChildProcess): Promise<void> {
  if (!running.has(child)) return;
  const closed = once(child, "close");
  child.kill("SIGKILL");
  await closed;
}

/**
 * Lets it go no further, in the middle of whatever it does: what the system was asked to do goes on,
 * and its own code does nothing any more. On Linux.
 */
export async function frozen(child: ChildProcess): Promise<void> {
  child.kill("SIGSTOP");
  while (isRunning(child.pid)) await turn();
}

/** Whether any of its threads runs code of its own: T is stopped, D is at work in the kernel. */
function isRunning(pid: number | undefined): boolean {
  return readdirSync(`/proc/${pid}/task`).some((thread) => {
    const stat = readFileSync(`/proc/${pid}/task/${thread}/stat`, "latin1");
    return !/\) [TDZX] /.test(stat);
  });
}
