import { once } from "node:events";
import { createInterface } from "node:readline";
import { Worker } from "node:worker_threads";
import { afterTest } from "@sess/test-support";

/** Runs a program in a thread of this process until the test ends, and resolves to its first line. */
export async function firstLineOfThread(file: string, args: readonly string[]): Promise<unknown> {
  const thread = new Worker(file, { argv: [...args], stdout: true });
  afterTest(() => thread.terminate());
  return firstLine(thread);
}

/** The first line that a thread with a stdout of its own writes. */
export async function firstLine(thread: Worker): Promise<unknown> {
  const [line] = await once(createInterface({ input: thread.stdout }), "line");
  return line;
}
