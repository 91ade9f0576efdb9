import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import type { Answer, Job, Outcome } from "./job.ts";

/** Longer than any job takes on a slow machine, in ms. */
const PATIENCE = 300_000;

/** A process of its own in which one contender is measured, so that none inherits another's heap. */
export class Child {
  readonly #process: ChildProcess;

  constructor(program: string) {
    this.#process = fork(program, {
      execArgv: ["--expose-gc"],
      // What contenders print is not ours to show.
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
  }

  /** Rejects where the job fails, or the process ends. */
  async ask(job: Job): Promise<Outcome> {
    const over = new AbortController();
    const { signal } = over;
    try {
      const answered = once(this.#process, "message", { signal });
      const ended = once(this.#process, "exit", { signal }).then(() => {
        throw new Error("The process has ended.");
      });
      this.#process.send(job);
      const limit = AbortSignal.timeout(PATIENCE);
      const late = once(limit, "abort", { signal }).then(() => {
        throw new Error(`No answer after ${PATIENCE / 1000} seconds.`);
      });
      const [answer]: Answer[] = await Promise.race([answered, ended, late]);
      if (answer === undefined) throw new Error("The process said nothing.");
      if ("error" in answer) throw new Error(answer.error);
      return answer.outcome;
    } finally {
      over.abort();
    }
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = once(this.#process, "exit");
    if (this.#process.connected) this.#process.disconnect();
    const impatient = setTimeout(() => this.#process.kill("SIGKILL"), PATIENCE / 10);
    await ended;
    clearTimeout(impatient);
  }
}
