import { Child } from "./child.ts";
import type { ContenderName } from "./contenders.ts";
import type { Outcome, SubjectJob, WarmUp } from "./job.ts";
import type { Results } from "./results.ts";
import type { Size } from "./session-values.ts";
import type { Effort, Step } from "./step.ts";

/** Of a process that lives for one round: there are many, and what runs in memory is soon compiled. */
export const BRIEFLY: WarmUp = { calls: 2_000, patience: 2 };

/** Of one that is kept for all rounds: what waits for a disk or a server takes its time. */
export const WELL: WarmUp = { calls: 20_000, patience: 6 };

/** Contenders that do the same work on the same data, measured in turns. */
export interface Match {
  readonly suite: string;
  readonly contenders: readonly ContenderName[];
  readonly size: Size;
  readonly live: number;
  /** One process for each contender, not for each round: where to fill it takes too long. */
  readonly keep?: boolean;
  readonly job: (subject: { contender: ContenderName; size: Size; live: number }) => SubjectJob;
}

/**
 * One step for each contender and round. Contenders alternate, and another one begins each round, so
 * that what the machine does besides is spread over all.
 */
export function stepsOf(match: Match, effort: Effort): Step[] {
  const { contenders: only, rounds } = effort;
  const contenders = match.contenders.filter((name) => only.length === 0 || only.includes(name));
  const runners = contenders.map((contender) => new Runner(match, contender, effort));
  return Array.from({ length: rounds }, (_, round) =>
    rotated(runners, round).map((runner) => runner.step(round)),
  ).flat();
}

/** One contender of a match, through all its rounds. */
class Runner {
  readonly #match: Match;
  readonly #contender: ContenderName;
  readonly #effort: Effort;
  #child: Child | undefined;
  #hasFailed = false;

  constructor(match: Match, contender: ContenderName, effort: Effort) {
    this.#match = match;
    this.#contender = contender;
    this.#effort = effort;
  }

  step(round: number): Step {
    const { suite, size, live } = this.#match;
    const title = `${suite}: ${live} of ${size}, round ${round + 1}, ${this.#contender}`;
    return { title, run: (results) => this.#run(results, round + 1 === this.#effort.rounds) };
  }

  /** What has failed once is not tried again: its figures would be of too few rounds. */
  async #run(results: Results, isLast: boolean): Promise<void> {
    const { suite, size, live } = this.#match;
    const contender = this.#contender;
    if (this.#hasFailed) return;
    try {
      const { title = contender, lacks = [], measured = [] } = await this.#measure(isLast);
      results.entrants[contender] = { title, lacks };
      results.add({ suite, contender, size, live }, measured);
    } catch (error) {
      this.#hasFailed = true;
      const reason = error instanceof Error ? error.message : String(error);
      results.fail({ suite, contender, reason: `${live} of ${size}: ${reason}` });
    }
  }

  async #measure(isLast: boolean): Promise<Outcome> {
    const { size, live, keep = false, job } = this.#match;
    const { program, divisor } = this.#effort;
    const child = this.#child ?? new Child(program);
    this.#child = child;
    const count = Math.ceil(live / divisor);
    let isDone = !keep || isLast;
    try {
      return await child.ask(job({ contender: this.#contender, size, live: count }));
    } catch (error) {
      isDone = true;
      throw error;
    } finally {
      if (isDone) await this.#stop(child);
    }
  }

  async #stop(child: Child): Promise<void> {
    this.#child = undefined;
    await child.stop();
  }
}

/** The same items, beginning with another one. */
export function rotated<Item>(items: readonly Item[], by: number): Item[] {
  const start = items.length === 0 ? 0 : by % items.length;
  return [...items.slice(start), ...items.slice(0, start)];
}
