import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import { afterEach } from "@jest/globals";

const running: (ChildProcess | Worker)[] = [];

afterEach(async () => {
  for (const each of running.splice(0)) {
    if (each instanceof Worker) await each.terminate();
    else await killed(each);
  }
});

/** Runs a program of `programs/` in a process of its own. */
export function start(program: string, ...args: string[]): ChildProcess {
  const child = spawn(
    process.execPath,
    ["--import", "tsx", join(__dirname, "programs", program), ...args],
    {
      cwd: join(__dirname, ".."),
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  running.push(child);
  return child;
}

/** Runs a program of `programs/` in a thread of this process. */
export function startThread(program: string, ...args: string[]): Worker {
  const file = pathToFileURL(join(__dirname, "programs", program)).href;
  const options = { parentURL: file, tsconfig: join(__dirname, "..", "tsconfig.json") };
  const code = `import("tsx/esm/api").then((tsx) => tsx.tsImport("${file}", ${JSON.stringify(options)}))`;
  const worker = new Worker(code, { eval: true, argv: args, stdout: true });
  running.push(worker);
  return worker;
}

/** The first line that it writes. */
export async function firstLine(of: ChildProcess | Worker): Promise<string> {
  if (of.stdout === null) throw new Error("nothing to read from");
  for await (const line of createInterface({ input: of.stdout })) return line;
  return "";
}

/** Ends it as a crash would. */
export async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGKILL");
  await once(child, "exit");
}
