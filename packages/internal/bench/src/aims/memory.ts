import type { Lookup } from "../lookup.ts";
import type { Size } from "../session-values.ts";
import { type Aim, growth, least, share, times } from "./aim.ts";

/** Processor time: in memory nothing else is waited for, and it is the steadier figure. */
const HERE = { suite: "memory", unit: "CPU µs" } as const;

const RIVALS = [
  "express-session",
  "express-memorystore",
  "fastify-session",
  "koa-session",
  "remix-path",
  "iron-session",
];

const ACCESSES = {
  read: "reading access",
  change: "changing access",
  extend: "extending",
  create: "creating",
};

export const MEMORY_AIMS: readonly Aim[] = [
  path("read", "0.6 KB", 20),
  path("read", "8 KiB", 80),
  path("change", "0.6 KB", 14),
  path("change", "8 KiB", 60),
  path("extend", "0.6 KB", 30),
  path("create", "0.6 KB", 10),
  {
    work: "every access, memory, whole path",
    against: "every other contender",
    aim: 1,
    sense: "at least",
    measure: aheadOfAll,
  },
  alone("memory-store", "express-session's MemoryStore alone"),
  alone("remix-memory", "@remix-run/session's memory storage, which shares references"),
  {
    work: "heap for a session, memory, 0.6 KB",
    against: "express-session's MemoryStore",
    aim: 0.8,
    sense: "at most",
    measure: share(
      { suite: "heap", contender: "sess-manager", size: "0.6 KB", work: "heap" },
      { suite: "heap", contender: "memory-store", size: "0.6 KB", work: "heap" },
    ),
  },
  grown("read"),
  grown("change"),
];

function path(work: keyof typeof ACCESSES, size: Size, aim: number): Aim {
  const what = { ...HERE, work, size, atOnce: 1 };
  return {
    work: `${ACCESSES[work]}, memory, whole path, ${size}`,
    against: "express-session",
    aim,
    sense: "at least",
    measure: times({ ...what, contender: "sess" }, { ...what, contender: "express-session" }),
  };
}

function alone(contender: string, against: string): Aim {
  const what = { ...HERE, work: "read", atOnce: 1, size: "0.6 KB" };
  return {
    work: "reading access, memory, the store and manager alone, 0.6 KB",
    against,
    aim: 1,
    sense: "at least",
    measure: times({ ...what, contender: "sess-manager" }, { ...what, contender }),
  };
}

function grown(work: "read" | "change"): Aim {
  const what = { ...HERE, work, atOnce: 1, size: "0.6 KB" };
  return {
    work: `${ACCESSES[work]}, memory, from 10,000 to a million sessions`,
    against: "the growth of a bare Map",
    aim: 1,
    sense: "at most",
    measure: growth(
      { ...what, contender: "sess-manager" },
      { ...what, contender: "map" },
      10_000,
      1_000_000,
    ),
  };
}

/** The narrowest lead over any rival, in any kind of access. */
function aheadOfAll(lookup: Lookup): number | undefined {
  const ours = lookup.all({ ...HERE, contender: "sess" });
  return least(
    ours.flatMap(({ contender, rounds, ...what }) =>
      RIVALS.map((rival) => lookup.ratio({ ...what, contender: rival }, { ...what, contender })),
    ),
  );
}
