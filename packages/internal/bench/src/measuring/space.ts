import { strictEqual } from "node:assert/strict";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { expectedFingerprint } from "../accesses/session-values.ts";
import type { Measured } from "./job.ts";
import type { Prepared } from "./prepared.ts";

/** What a contender allocates once belongs to no session: so many are created before the first look. */
const FIRST_SESSIONS = 64;

const BLOCK_BYTES = 512;

/** Measures the bytes of heap or disk that a session takes. */
export async function spacePerSession(
  kind: "heap" | "disk",
  sessions: number,
  prepared: Prepared,
): Promise<Measured[]> {
  const used = kind === "heap" ? async () => heapBytes() : () => diskBytes(prepared.directory);
  await createAll(FIRST_SESSIONS, prepared);
  const before = await used();
  await createAll(sessions, prepared);
  const value = ((await used()) - before) / sessions;
  return [{ access: kind, atOnce: 1, unit: "bytes", value }];
}

/** Creates sessions and proves that they are there, by one in a hundred. */
async function createAll(count: number, prepared: Prepared): Promise<void> {
  let index = 0;
  for await (const token of prepared.create(count)) {
    if (index % 100 === 0) {
      const found = await prepared.accesses.read(token);
      strictEqual(found, expectedFingerprint(index), "a new session is stored");
    }
    index += 1;
  }
}

/** With memory outside of V8's heap, because buffers count as much as strings. */
function heapBytes(): number {
  if (globalThis.gc === undefined) throw new Error("Heap is measured with --expose-gc.");
  globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

async function diskBytes(directory: string): Promise<number> {
  const names = await readdir(directory, { recursive: true });
  const files = await Promise.all(names.map((name) => stat(join(directory, name))));
  return files.reduce((sum, { blocks }) => sum + blocks * BLOCK_BYTES, 0);
}
