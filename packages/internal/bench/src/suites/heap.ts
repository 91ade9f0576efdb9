import type { ContenderName } from "../contenders.ts";
import { type Match, stepsOf } from "../rounds.ts";
import type { Size } from "../session-values.ts";
import type { Effort, Step } from "../step.ts";

const STORES: readonly ContenderName[] = [
  "sess-manager",
  "memory-store",
  "memorystore",
  "fastify-store",
  "remix-memory",
  "keyv",
  "map",
];

/** What a session takes of the heap, after a full collection. */
export function heap(effort: Effort): Step[] {
  const matches = [match("0.6 KB", 20_000), match("8 KiB", 2_000)];
  return matches.flatMap((each) => stepsOf(each, effort));
}

function match(size: Size, live: number): Match {
  return {
    suite: "heap",
    contenders: STORES,
    size,
    live,
    job: (subject) => ({ kind: "heap", ...subject }),
  };
}
