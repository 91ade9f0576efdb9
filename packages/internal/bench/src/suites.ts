import { missingPostgres, missingRedis, openPostgres, openRedis } from "@sess/test-servers";
import type { Size } from "./accesses/session-values.ts";
import type { ContenderName } from "./contenders/all.ts";
import type { Match } from "./measuring/rounds.ts";

/** A part of the benchmark that can be run alone. */
export interface Suite {
  readonly name: string;
  readonly matches: readonly Match[];
  /** The server that all contenders of the suite share. */
  readonly server?: {
    /** Why there is none here; undefined where there is one. */
    missing(): string | undefined;
    open(): Promise<{ readonly url: string; stop(): Promise<void> }>;
  };
}

/** Whole paths of a request, all in memory. The last one keeps sessions in cookies, where 8 KiB are too much. */
const PATHS: ContenderName[] = [
  "sess",
  "express-session",
  "express-memorystore",
  "fastify-session",
  "koa-session",
  "remix-path",
  "iron-session",
];

/** Stores in memory and what calls them, without a request. The last one is the limit. */
const STORES: ContenderName[] = [
  "sess-manager",
  "memory-store",
  "memorystore",
  "fastify-store",
  "remix-memory",
  "keyv",
  "map",
];

/** Those that are compared over many sessions. */
const FEW_STORES: ContenderName[] = ["sess-manager", "memory-store", "map"];

const ON_LEVEL: ContenderName[] = [
  "sess-level",
  "sess-level-unsynced",
  "level-session-store",
  "level-put",
  "level-bare",
];

const ON_FILES: ContenderName[] = ["session-file-store", "remix-files"];

const ON_REDIS: ContenderName[] = ["sess-redis", "connect-redis", "redis-bare"];

const ON_POSTGRES: ContenderName[] = ["sess-postgres", "connect-pg-simple", "postgres-bare"];

/** The first contender of a match is the one that the others are compared with. */
export const SUITES: readonly Suite[] = [
  suite("path", "accesses", [
    fresh(PATHS, 10_000, "0.6 KB"),
    kept(["sess", "express-session"], 100_000, "0.6 KB"),
    fresh(PATHS.slice(0, -1), 10_000, "8 KiB"),
  ]),
  suite("memory", "accesses", [
    fresh(STORES, 10_000, "0.6 KB"),
    kept(FEW_STORES, 100_000, "0.6 KB"),
    kept(FEW_STORES, 1_000_000, "0.6 KB"),
    fresh(STORES, 10_000, "8 KiB"),
  ]),
  suite("level", "accesses", [
    kept([...ON_LEVEL, ...ON_FILES], 10_000, "0.6 KB"),
    kept(ON_LEVEL, 100_000, "0.6 KB"),
    kept(["sess-level-unsynced", "level-bare"], 1_000_000, "0.6 KB"),
    kept([...ON_LEVEL, ...ON_FILES], 10_000, "8 KiB"),
  ]),
  suite("http", "http", [fresh(["sess", "express-session"], 10_000, "0.6 KB")]),
  suite("heap", "heap", [fresh(STORES, 20_000, "0.6 KB"), fresh(STORES, 2_000, "8 KiB")]),
  suite("disk", "disk", [fresh(ON_LEVEL, 20_000, "0.6 KB"), fresh(ON_FILES, 2_000, "0.6 KB")]),
  suite("sweep", "sweep", [kept(["sess-manager", "memorystore"], 1_000_000, "0.6 KB")]),
  {
    ...suite("redis", "accesses", [
      kept(ON_REDIS, 10_000, "0.6 KB"),
      kept(ON_REDIS, 10_000, "8 KiB"),
    ]),
    server: { missing: missingRedis, open: openRedis },
  },
  {
    ...suite("postgres", "accesses", [
      kept(ON_POSTGRES, 10_000, "0.6 KB"),
      kept(ON_POSTGRES, 10_000, "8 KiB"),
    ]),
    server: { missing: missingPostgres, open: openPostgres },
  },
];

type Entry = Omit<Match, "suite" | "work">;

function suite(name: string, work: Match["work"], entries: readonly Entry[]): Suite {
  return { name, matches: entries.map((entry) => ({ suite: name, work, ...entry })) };
}

/** Each round has new processes. */
function fresh(contenders: ContenderName[], sessions: number, size: Size): Entry {
  return { contenders, sessions, size, keepsProcesses: false };
}

/** Filling takes long, so that the contenders keep their processes for all rounds. */
function kept(contenders: ContenderName[], sessions: number, size: Size): Entry {
  return { contenders, sessions, size, keepsProcesses: true };
}
