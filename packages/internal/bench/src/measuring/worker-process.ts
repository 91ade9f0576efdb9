import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import type { Answer, Job, Outcome } from "./job.ts";

/** Longer than any job takes on a slow machine, in ms. */
const TIME_LIMIT = 300_000;

/** A process of its own for one contender, so that none inherits another's heap and compiled code. */
export class WorkerProcess {
  readonly #process: ChildProcess;
  readonly #ended = new AbortController();

  constructor(program: string) {
    this.#process = fork(program, {
      execArgv: ["--expose-gc"],
      // Hides what contenders print.
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
    this.#process.once("exit", () => this.#ended.abort(new Error("The worker process ended.")));
  }

  /** @throws Error when the job fails, or the process ends, or says nothing for five minutes. */
  async ask(job: Job): Promise<Outcome> {
    const signal = AbortSignal.any([this.#ended.signal, AbortSignal.timeout(TIME_LIMIT)]);
    const answered: Promise<Answer[]> = once(this.#process, "message", { signal });
    this.#process.send(job);
    const [answer] = await answered.catch((error: unknown) => {
      throw signal.reason ?? error;
    });
    if (answer === undefined) throw new Error("The worker process sent nothing.");
    if ("error" in answer) throw new Error(answer.error);
    return answer.outcome;
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
