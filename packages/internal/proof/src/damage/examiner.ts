import type { ChildProcess } from "node:child_process";
import { killed, linesOf, start } from "../running.ts";
import type { Findings } from "./findings.ts";

/**
 * Examines damaged directories in a process of its own, since LevelDB may end the process over one.
 * Then the next directory gets a new process.
 */
export class Examiner {
  readonly #program: string;
  #child: ChildProcess | undefined;
  #answers: AsyncIterableIterator<string> | undefined;

  constructor(program: string) {
    this.#program = program;
  }

  /** The code of the error where it cannot be opened, `undefined` where the process ended. */
  async examine(location: string): Promise<Findings | string | undefined> {
    if (this.#child === undefined || this.#answers === undefined) {
      this.#child = start(this.#program, [], { stdio: ["pipe", "pipe", "ignore"] });
      this.#answers = linesOf(this.#child);
    }
    this.#child.stdin?.write(`${location}\n`);
    const { value, done } = await this.#answers.next();
    if (done !== true) return JSON.parse(value);
    this.#child = undefined;
    return undefined;
  }

  async end(): Promise<void> {
    if (this.#child) await killed(this.#child);
    this.#child = undefined;
  }
}
