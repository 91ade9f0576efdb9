import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { buildSync } from "esbuild";
import { atEnd } from "./scratch.ts";

/**
 * Builds a program of `programs/` with all that it imports into one file, and names that. Started
 * from its sources each process would take a second to translate them.
 */
export function bundle(program: string): string {
  const folder = mkdtempSync(join(tmpdir(), "sess-redis-program-"));
  atEnd(() => rmSync(folder, { recursive: true, force: true }));
  const outfile = join(folder, "program.cjs");
  const entryPoints = [join(__dirname, "programs", program)];
  buildSync({
    entryPoints,
    outfile,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
  });
  return outfile;
}

/** A program in a process of its own, which is spoken to line by line. */
export class Program {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  constructor(file: string, ...args: string[]) {
    this.#child = spawn(process.execPath, [file, ...args], { stdio: ["pipe", "pipe", "inherit"] });
    if (this.#child.stdout === null) throw new Error("nothing to read from");
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
    atEnd(() => this.kill());
  }

  /** The next line that it writes. */
  async line(): Promise<string> {
    const { value, done } = await this.#lines.next();
    if (done) throw new Error("the program has ended");
    return value;
  }

  tell(line: string): void {
    this.#child.stdin?.write(`${line}\n`);
  }

  /** Ends it as a crash would. */
  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill("SIGKILL");
    await once(this.#child, "exit");
  }
}
