import { strictEqual } from "node:assert/strict";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Sessions } from "../contender.ts";
import type { Measured, WeightJob } from "../job.ts";
import type { Prepared } from "../prepared.ts";
import { expected } from "../session-values.ts";

/** How many sessions are created side by side. */
const TOGETHER = 64;

const BLOCK = 512;

/** What a session takes of memory or disk where each was created as a client's access creates it. */
export async function weight(job: WeightJob, prepared: Prepared): Promise<Measured[]> {
  const { sessions, directory } = prepared;
  const weigh = job.kind === "heap" ? async () => heapUsed() : () => diskUsed(directory);
  // Some before the first look: what is made once does not belong to a session.
  await createAll(sessions, TOGETHER);
  const before = await weigh();
  await createAll(sessions, job.live);
  const value = ((await weigh()) - before) / job.live;
  return [{ work: job.kind, atOnce: 1, unit: "bytes", value }];
}

async function createAll(sessions: Sessions, count: number): Promise<void> {
  for (let start = 0; start < count; start += TOGETHER) {
    const length = Math.min(TOGETHER, count - start);
    const creations = Array.from({ length }, (_, place) => sessions.create(start + place));
    const [token = ""] = await Promise.all(creations);
    strictEqual(await sessions.read(token), expected(start), "what was created is there");
  }
}

/** With what is outside of V8's heap: buffers count as much as strings do. */
function heapUsed(): number {
  if (globalThis.gc === undefined) throw new Error("Heap is weighed with --expose-gc.");
  globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** What the files take, as blocks. */
async function diskUsed(directory: string): Promise<number> {
  const entries = await readdir(directory, { recursive: true });
  const sizes = await Promise.all(entries.map((name) => spaceOf(join(directory, name))));
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function spaceOf(path: string): Promise<number> {
  return (await stat(path)).blocks * BLOCK;
}
