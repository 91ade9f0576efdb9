import type { ContenderName } from "../contenders.ts";
import type { Load } from "../job.ts";
import { BRIEFLY, type Match, stepsOf, WELL } from "../rounds.ts";
import type { Size } from "../session-values.ts";
import type { Effort, Step } from "../step.ts";

/** Whole paths of a request. */
const PATHS: readonly ContenderName[] = [
  "sess",
  "express-session",
  "express-memorystore",
  "fastify-session",
  "koa-session",
  "remix-path",
  "iron-session",
];

/** Stores and what calls them, without a request around them, and the limit. */
const STORES: readonly ContenderName[] = [
  "sess-manager",
  "memory-store",
  "memorystore",
  "fastify-store",
  "remix-memory",
  "keyv",
  "map",
];

/** Those that the others are compared with, where there is no time for all. */
const FEW: readonly ContenderName[] = [
  "sess",
  "express-session",
  "sess-manager",
  "memory-store",
  "remix-memory",
  "map",
];

const LOADS: readonly Load[] = [
  { work: "bare", atOnce: 1 },
  { work: "read", atOnce: 1 },
  { work: "readAll", atOnce: 1 },
  { work: "extend", atOnce: 1 },
  { work: "miss", atOnce: 1 },
  { work: "change", atOnce: 1 },
  { work: "read", atOnce: 64 },
  { work: "extend", atOnce: 64 },
  { work: "change", atOnce: 64 },
  { work: "create", atOnce: 1 },
  { work: "create", atOnce: 64 },
];

/** Accesses to sessions in memory. */
export function memory(effort: Effort): Step[] {
  const matches = [
    match([...PATHS, ...STORES], "0.6 KB", 10_000),
    match(FEW, "0.6 KB", 100_000),
    million,
    // What keeps the session in a cookie refuses this size.
    match([...PATHS.filter((name) => name !== "iron-session"), ...STORES], "8 KiB", 10_000),
    match(["sess-manager", "memory-store", "map"], "8 KiB", 100_000),
  ];
  return matches.flatMap((each) => stepsOf(each(effort.time), effort));
}

function match(contenders: readonly ContenderName[], size: Size, live: number) {
  return (time: number): Match => ({
    suite: "memory",
    contenders,
    size,
    live,
    job: (subject) => ({ kind: "accesses", ...subject, loads: LOADS, time, warmUp: BRIEFLY }),
  });
}

function million(time: number): Match {
  return {
    suite: "memory",
    contenders: ["sess-manager", "memory-store", "map"],
    size: "0.6 KB",
    live: 1_000_000,
    keep: true,
    job: (subject) => ({ kind: "accesses", ...subject, loads: LOADS, time, warmUp: WELL }),
  };
}
