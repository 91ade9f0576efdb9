import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll } from "@jest/globals";

const running: ChildProcess[] = [];

afterAll(() => {
  for (const child of running.splice(0)) child.kill("SIGKILL");
});

/** A process of its own on a database that others share: `programs/visitor.ts`. */
export class Visitor {
  readonly #child: ChildProcess;
  readonly #answers: AsyncIterator<string>;

  constructor(url: string, schema: string) {
    const program = join(__dirname, "programs/visitor.ts");
    this.#child = spawn(process.execPath, ["--import", "tsx", program, url, schema], {
      cwd: join(__dirname, ".."),
      stdio: ["pipe", "pipe", "inherit"],
    });
    running.push(this.#child);
    if (this.#child.stdout === null) throw new Error("nothing to read from");
    this.#answers = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  /** Has it do a task, and resolves to what came of that. */
  async does(task: "count" | "read" | "load" | "save", id = ""): Promise<unknown> {
    this.#child.stdin?.write(`${task} ${id}\n`);
    const { value } = await this.#answers.next();
    return value === undefined ? "it ended" : JSON.parse(value);
  }
}
