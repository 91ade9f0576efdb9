import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import type { Answer, Job, Outcome } from "./job.ts";

/** Longer than any job takes on a slow machine, in ms. */
const TIME_LIMIT = 300_000;

/** A process of its own for one contender, so that none inherits another's heap and compiled code. */
export class WorkerProcess {
  readonly #process: ChildProcess;

  constructor(program: string) {
    this.#process = fork(program, {
      execArgv: ["--expose-gc"],
      // Hides what contenders print.
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
  }

  /** @throws Error when the job fails, or the process ends, or says nothing for five minutes. */
  async ask(job: Job): Promise<Outcome> {
    const settled = new AbortController();
    const { signal } = settled;
    const ended = once(this.#process, "exit", { signal }).then(() => {
      throw new Error("The worker process ended.");
    });
    const late = once(AbortSignal.timeout(TIME_LIMIT), "abort", { signal }).then(() => {
      throw new Error(`No answer after ${TIME_LIMIT / 1000} seconds.`);
    });
    try {
      const answered = once(this.#process, "message", { signal });
      this.#process.send(job);
      const [answer]: Answer[] = await Promise.race([answered, ended, late]);
      if (answer === undefined) throw new Error("The worker process sent nothing.");
      if ("error" in answer) throw new Error(answer.error);
      return answer.outcome;
    } finally {
      settled.abort();
    }
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = once(this.#process, "exit");
    if (this.#process.connected) this.#process.disconnect();
    const killing = setTimeout(() => this.#process.kill("SIGKILL"), TIME_LIMIT / 10);
    await ended;
    clearTimeout(killing);
  }
}
