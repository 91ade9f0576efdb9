import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { setImmediate as tick } from "node:timers/promises";
import { afterTest } from "./cleanup.ts";

/**
 * A program in a process of its own, spoken to line by line. It is killed after the test that started
 * it, or after the tests of the file when `beforeAll` did.
 */
export class Program {
  /** Node's own object, for all that this class does not offer. */
  readonly process: ChildProcess;
  #lines: AsyncIterableIterator<string> | undefined;

  /** Starts any command. Its stdin and stdout are pipes, its stderr is ours. */
  constructor([command = "", ...args]: readonly string[], options: SpawnOptions = {}) {
    this.process = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"], ...options });
    afterTest(() => this.kill());
  }

  /** Starts a JavaScript file with this Node; see `bundle` for TypeScript. */
  static node(file: string, args: readonly string[] = [], options: SpawnOptions = {}): Program {
    return new Program([process.execPath, file, ...args], options);
  }

  /** The lines that it writes, as they come. All readers of this object share one iterator. */
  get lines(): AsyncIterableIterator<string> {
    if (this.process.stdout === null) throw new Error("The program's stdout is not a pipe.");
    this.#lines ??= createInterface({ input: this.process.stdout })[Symbol.asyncIterator]();
    return this.#lines;
  }

  /**
   * The next line that it writes.
   * @throws Error when it ends without another line.
   */
  async line(): Promise<string> {
    const { value, done } = await this.lines.next();
    if (done) throw new Error("The program ended and wrote no further line.");
    return value;
  }

  /** Every line that it has yet to write until it ends. */
  async allLines(): Promise<string[]> {
    const lines: string[] = [];
    for await (const line of this.lines) lines.push(line);
    return lines;
  }

  /** Writes a line to its stdin. */
  tell(line: string): void {
    this.process.stdin?.write(`${line}\n`);
  }

  /** Ends it as a crash would, and resolves when all that it wrote has arrived. */
  async kill(): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const closed = once(this.process, "close");
    this.process.kill("SIGKILL");
    await closed;
  }

  /**
   * Stops it in the middle of whatever it does. What it asked the system for goes on, but its own code
   * runs no further. Linux only.
   */
  async freeze(): Promise<void> {
    this.process.kill("SIGSTOP");
    while (hasRunningThread(this.process.pid)) await tick();
  }
}

/** In `/proc/<pid>/task/<thread>/stat`: T is stopped, D waits in the kernel, Z and X have ended. */
const RUNS_NO_CODE = /\) [TDZX] /;

function hasRunningThread(pid: number | undefined): boolean {
  return readdirSync(`/proc/${pid}/task`).some((thread) => {
    const stat = readFileSync(`/proc/${pid}/task/${thread}/stat`, "latin1");
    return !RUNS_NO_CODE.test(stat);
  });
}
