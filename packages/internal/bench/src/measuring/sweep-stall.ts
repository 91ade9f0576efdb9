import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout } from "node:timers/promises";
import type { Measured } from "./job.ts";
import type { Prepared } from "./prepared.ts";

/** A tenth as many as the other sessions have expired when the sweep begins. */
const EXPIRED_SHARE = 0.1;

/** How long they live, in ms: longer than it takes to create them. */
const SHORT_LIFETIME = 3_000;

/** How long the event loop is watched before and after the sweep, in ms: a stall shows afterwards. */
const MARGIN = 20;

const NANOSECONDS_PER_MS = 1_000_000;

/** Measures the longest stall of the event loop while a sweep looks at all sessions. */
export async function sweepStall(sessions: number, prepared: Prepared): Promise<Measured[]> {
  for await (const _ of prepared.create(sessions * EXPIRED_SHARE, SHORT_LIFETIME));
  await setTimeout(SHORT_LIFETIME);
  // The sweep does not pay for the garbage of creating.
  globalThis.gc?.();
  await setTimeout(MARGIN);
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  await setTimeout(MARGIN);
  await prepared.accesses.sweep?.();
  await setTimeout(MARGIN);
  delay.disable();
  const stall = delay.max / NANOSECONDS_PER_MS;
  return [{ access: "sweep", atOnce: 1, unit: "ms", value: stall }];
}
