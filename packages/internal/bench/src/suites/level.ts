import type { ContenderName } from "../contenders.ts";
import type { Load } from "../job.ts";
import { type Match, stepsOf, WELL } from "../rounds.ts";
import type { Size } from "../session-values.ts";
import type { Effort, Step } from "../step.ts";

const ON_LEVEL: readonly ContenderName[] = [
  "sess-level",
  "sess-level-unsynced",
  "level-session-store",
  "level-put",
  "level-bare",
];

const ON_DISK: readonly ContenderName[] = [...ON_LEVEL, "session-file-store", "remix-files"];

const LOADS: readonly Load[] = [
  { work: "read", atOnce: 1 },
  { work: "extend", atOnce: 1 },
  { work: "miss", atOnce: 1 },
  { work: "read", atOnce: 64 },
  { work: "change", atOnce: 1 },
  { work: "change", atOnce: 64 },
  { work: "extend", atOnce: 64 },
  { work: "create", atOnce: 1 },
  { work: "create", atOnce: 64 },
];

/** Those of a comparison between ten thousand sessions and a million. */
const GROWTH: readonly Load[] = [
  { work: "read", atOnce: 1 },
  { work: "read", atOnce: 64 },
];

/** Accesses to sessions on the disk of the directory for temporary files. */
export function level(effort: Effort): Step[] {
  const matches = [
    match(ON_DISK, "0.6 KB", 10_000, LOADS),
    match(ON_LEVEL, "0.6 KB", 100_000, LOADS),
    match(["sess-level-unsynced", "level-bare"], "0.6 KB", 1_000_000, GROWTH),
    match(ON_DISK, "8 KiB", 10_000, LOADS),
  ];
  const weights = [weight(ON_LEVEL, 20_000), weight(["session-file-store", "remix-files"], 2_000)];
  return [
    ...matches.flatMap((each) => stepsOf(each(effort.time), effort)),
    ...weights.flatMap((each) => stepsOf(each, { ...effort, rounds: 1 })),
  ];
}

/** One process for all rounds: the heap plays no part in it, and to fill a disk takes long. */
function match(
  contenders: readonly ContenderName[],
  size: Size,
  live: number,
  loads: readonly Load[],
) {
  return (time: number): Match => ({
    suite: "level",
    contenders,
    size,
    live,
    keep: true,
    job: (subject) => ({ kind: "accesses", ...subject, loads, time, warmUp: WELL }),
  });
}

function weight(contenders: readonly ContenderName[], live: number): Match {
  return {
    suite: "level",
    contenders,
    size: "0.6 KB",
    live,
    job: (subject) => ({ kind: "disk", ...subject }),
  };
}
