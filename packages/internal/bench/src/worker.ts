import type { AccessJob, Answer, Job, Measured, Outcome, SubjectJob } from "./job.ts";
import { Prepared } from "./prepared.ts";
import { accesses } from "./works/accesses.ts";
import { serve } from "./works/server.ts";
import { sweep } from "./works/sweep.ts";
import { weight } from "./works/weight.ts";

/** A process that measures: carries out the jobs that it is sent, one after the other. */
class Worker {
  #prepared: Prepared | undefined;

  async carryOut(job: Job): Promise<Outcome> {
    switch (job.kind) {
      case "usage": {
        const { user, system } = process.cpuUsage();
        return { usage: user + system };
      }
      case "server":
        return serve(job);
      case "accesses":
        return this.#accesses(job);
      default:
        return alone(job);
    }
  }

  close(): Promise<void> {
    return this.#prepared?.close() ?? Promise.resolve();
  }

  /** The sessions stay, for another round. */
  async #accesses(job: AccessJob): Promise<Outcome> {
    if (this.#prepared === undefined) {
      this.#prepared = await Prepared.open(job);
      await this.#prepared.fill(job.live);
    }
    return outcomeOf(this.#prepared, await accesses(this.#prepared, job));
  }
}

async function alone(job: Exclude<SubjectJob, AccessJob>): Promise<Outcome> {
  const prepared = await Prepared.open(job);
  try {
    return outcomeOf(prepared, await measure(job, prepared));
  } finally {
    await prepared.close();
  }
}

async function measure(
  job: Exclude<SubjectJob, AccessJob>,
  prepared: Prepared,
): Promise<Measured[]> {
  switch (job.kind) {
    case "check":
      await prepared.fill(job.live);
      return [];
    case "sweep":
      return sweep(job, prepared);
    default:
      return weight(job, prepared);
  }
}

function outcomeOf({ contender }: Prepared, measured: Measured[]): Outcome {
  const { title, lacks } = contender;
  return { title, lacks, measured };
}

function answer(answer: Answer): void {
  process.send?.(answer);
}

const worker = new Worker();

process.on("message", (job: Job) => {
  worker.carryOut(job).then(
    (outcome) => answer({ outcome }),
    (error: unknown) => answer({ error: error instanceof Error ? error.message : String(error) }),
  );
});

process.once("disconnect", () => {
  worker.close().finally(() => process.exit());
});
