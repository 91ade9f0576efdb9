import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout } from "node:timers/promises";
import type { Measured, SweepJob } from "../job.ts";
import type { Prepared } from "../prepared.ts";

/** How long, in ms, the loop is watched before and after: a sweep that blocks is seen afterwards. */
const AROUND = 20;

/** The share of sessions that have expired when the sweep begins. */
const DUE = 0.1;

const NANOSECONDS = 1_000_000;

/** The longest time for which nothing else had a turn while a sweep looked at all sessions. */
export async function sweep(job: SweepJob, prepared: Prepared): Promise<Measured[]> {
  const { sessions } = prepared;
  const due = Math.floor(job.live * DUE);
  await prepared.fill(job.live - due);
  for await (const _ of sessions.fill(due, 1));
  // The garbage of filling is not the sweep's.
  globalThis.gc?.();
  await setTimeout(AROUND);
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  await setTimeout(AROUND);
  await sessions.sweep?.();
  await setTimeout(AROUND);
  delay.disable();
  const stall = delay.max / NANOSECONDS;
  return [{ work: "sweep", atOnce: 1, unit: "ms", value: stall }];
}
