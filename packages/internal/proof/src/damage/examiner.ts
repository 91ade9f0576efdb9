import { Program } from "@sess/test-support";
import { programFile } from "../program-file.ts";
import type { Findings } from "./examination.ts";

/** Examines damaged directories in a process of its own, which LevelDB may end over one of them. */
export class Examiner {
  readonly #file = programFile("examine");
  #program: Program | undefined;

  /** What was found; the error's code where it cannot be opened; undefined where the process ended. */
  async examine(location: string): Promise<Findings | string | undefined> {
    this.#program ??= Program.node(this.#file, [], { stdio: ["pipe", "pipe", "ignore"] });
    this.#program.tell(location);
    const { value, done } = await this.#program.lines.next();
    if (done !== true) return JSON.parse(value);
    // The next one gets a new process.
    this.#program = undefined;
    return undefined;
  }
}
