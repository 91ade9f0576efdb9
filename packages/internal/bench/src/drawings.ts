import { addedBy } from "./aims/http.ts";
import type { Chart } from "./charts.ts";
import { Lookup, type Query } from "./lookup.ts";
import type { Written } from "./results.ts";

const PATHS = [
  "sess",
  "express-session",
  "express-memorystore",
  "fastify-session",
  "koa-session",
  "remix-path",
  "iron-session",
];

const STORES = ["sess-manager", "memory-store", "memorystore", "remix-memory", "keyv", "map"];

const DISK = [
  "sess-level",
  "sess-level-unsynced",
  "level-session-store",
  "session-file-store",
  "remix-files",
  "level-put",
  "level-bare",
];

const ACCESSES: Record<string, string> = {
  read: "read two keys",
  change: "change one key",
  extend: "extend",
  create: "create",
};

/** The charts of docs/performance.md by the names of their files; only those that have something to show. */
export function drawingsOf(written: Written): Record<string, Chart> {
  const few = { size: "0.6 KB", live: 10_000, atOnce: 64 };
  const large = { ...few, size: "8 KiB" };
  const all: Record<string, Chart> = {
    "memory-path": rates(written, "Whole path of a request, memory", PATHS, {
      suite: "memory",
      ...few,
    }),
    "memory-path-8k": rates(written, "Whole path of a request, memory", PATHS, {
      suite: "memory",
      ...large,
    }),
    "memory-store": rates(written, "The store alone, memory", STORES, { suite: "memory", ...few }),
    "memory-store-8k": rates(written, "The store alone, memory", STORES, {
      suite: "memory",
      ...large,
    }),
    http: httpChart(written),
    heap: heapChart(written),
    level: rates(written, "On disk", DISK, { suite: "level", ...few }),
    redis: rates(written, "Redis", ["sess-redis", "connect-redis", "redis-bare"], {
      suite: "redis",
      ...few,
    }),
    postgres: rates(
      written,
      "PostgreSQL",
      ["sess-postgres", "connect-pg-simple", "postgres-bare"],
      {
        suite: "postgres",
        ...few,
      },
    ),
  };
  return Object.fromEntries(Object.entries(all).filter(([, { series }]) => series.length > 0));
}

/** Accesses a second. */
function rates(written: Written, title: string, contenders: readonly string[], what: Query): Chart {
  const lookup = new Lookup(written);
  const known = contenders.filter((contender) => lookup.all({ ...what, contender }).length > 0);
  const rate = (contender: string, work: string) => {
    const micros = lookup.net({ ...what, contender, work, unit: "µs" });
    return micros === undefined || micros <= 0 ? undefined : 1_000_000 / micros;
  };
  return {
    title: `${title}: accesses a second, ${what.size}, ${what.atOnce} at once`,
    groups: Object.values(ACCESSES),
    series: known.map((contender) => ({
      name: titleOf(written, contender),
      values: Object.keys(ACCESSES).map((work) => rate(contender, work)),
    })),
    isLogarithmic: true,
  };
}

function httpChart(written: Written): Chart {
  const lookup = new Lookup(written);
  const contenders = ["http-sess", "http-express-session"];
  const known = contenders.filter((contender) => addedBy(lookup, contender, "read") !== undefined);
  return {
    title: "Processor time that sessions add to a request over HTTP, µs (less is better)",
    groups: ["reading", "changing"],
    series: known.map((contender) => ({
      name: titleOf(written, contender),
      values: ["read", "change"].map((work) => addedBy(lookup, contender, work)),
    })),
    isLogarithmic: false,
  };
}

function heapChart(written: Written): Chart {
  const lookup = new Lookup(written);
  const what = { suite: "heap", size: "0.6 KB", work: "heap" };
  const contenders = [...STORES, "fastify-store"];
  const bytes = (contender: string) => lookup.one({ ...what, contender });
  return {
    title: "Bytes of heap for a session of 0.6 KB (less is better)",
    groups: [""],
    series: contenders
      .filter((contender) => bytes(contender) !== undefined)
      .map((contender) => ({ name: titleOf(written, contender), values: [bytes(contender)] })),
    isLogarithmic: false,
  };
}

function titleOf({ entrants }: Written, contender: string): string {
  return entrants[contender]?.title ?? contender;
}
