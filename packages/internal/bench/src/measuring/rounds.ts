import type { SingleBar } from "cli-progress";
import type { Size } from "../accesses/session-values.ts";
import type { ContenderName } from "../contenders/all.ts";
import type { Results } from "../results/results.ts";
import { underLoad } from "./http-load.ts";
import type { AccessName, Effort, Load, Measured, Subject } from "./job.ts";
import { WorkerProcess } from "./worker-process.ts";

/** Contenders that do the same work on the same data. */
export interface Match {
  readonly suite: string;
  readonly work: "accesses" | "http" | "heap" | "disk" | "sweep";
  readonly contenders: readonly ContenderName[];
  readonly sessions: number;
  readonly size: Size;
  /** Whether a contender keeps its process for all rounds, or has a new one in each. */
  readonly keepsProcesses: boolean;
}

/** What adds sessions comes last. */
const LOADS = [
  ...loads(1, "bare", "read", "readAll", "extend", "miss", "change"),
  ...loads(64, "read", "extend", "change"),
  ...loads(1, "create"),
  ...loads(64, "create"),
];

/** For processes that live for one round: code that stays in memory is soon compiled. */
const SHORT_WARM_UP = { calls: 2_000, times: 2 };

/** For processes that live for all rounds: code that waits for a disk or a server takes longer. */
export const LONG_WARM_UP = { calls: 20_000, times: 6 };

/** Space hardly varies from round to round. */
export function roundsOf({ work }: Match, rounds: number): number {
  return work === "heap" || work === "disk" ? 1 : rounds;
}

/**
 * Measures each contender once in each round. Each round begins with another contender, so that whatever else the
 * machine does is spread over all of them.
 */
export async function play(
  match: Match,
  url: string,
  effort: Effort,
  results: Results,
  progress: SingleBar,
): Promise<void> {
  const { suite, size, keepsProcesses } = match;
  const sessions = Math.ceil(match.sessions / effort.divisor);
  const workers = new Map<ContenderName, WorkerProcess>();
  const failed = new Set<ContenderName>();
  const rounds = roundsOf(match, effort.rounds);
  for (let round = 1; round <= rounds; round += 1) {
    for (const contender of rotated(match.contenders, round - 1)) {
      progress.increment({
        title: `${suite}: ${sessions} of ${size}, round ${round}, ${contender}`,
      });
      // Its figures would be of fewer rounds than the others'.
      if (failed.has(contender)) continue;
      const worker = workers.get(contender) ?? new WorkerProcess(effort.program);
      workers.set(contender, worker);
      try {
        const measured = await measure(match, worker, { contender, size, sessions, url }, effort);
        results.add({ suite, contender, size, sessions }, measured);
      } catch (error) {
        failed.add(contender);
        const reason = `${sessions} of ${size}: ${messageOf(error)}`;
        results.absences.push({ suite, contender, reason, isFailure: true });
      }
      if (keepsProcesses && round < rounds && !failed.has(contender)) continue;
      await worker.stop();
      workers.delete(contender);
    }
  }
}

async function measure(
  { work, keepsProcesses }: Match,
  worker: WorkerProcess,
  subject: Subject,
  effort: Effort,
): Promise<readonly Measured[]> {
  if (work === "http") return underLoad(worker, subject, effort);
  const warmUp = keepsProcesses ? LONG_WARM_UP : SHORT_WARM_UP;
  const job =
    work === "accesses"
      ? { kind: work, ...subject, loads: LOADS, time: effort.time, warmUp }
      : { kind: work, ...subject };
  return (await worker.ask(job)).measured ?? [];
}

/** Each of these accesses, with so many of them at once. */
export function loads(atOnce: number, ...accesses: AccessName[]): Load[] {
  return accesses.map((access) => ({ access, atOnce }));
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The same items, beginning with another one. */
function rotated<Item>(items: readonly Item[], by: number): Item[] {
  const start = items.length === 0 ? 0 : by % items.length;
  return [...items.slice(start), ...items.slice(0, start)];
}
