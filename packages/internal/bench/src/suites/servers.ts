import { missingPostgres, missingRedis, openPostgres, openRedis } from "@sess/test-servers";
import { type ContenderName, OVER_SERVERS } from "../contenders.ts";
import type { Load } from "../job.ts";
import type { Results } from "../results.ts";
import { type Match, stepsOf, WELL } from "../rounds.ts";
import type { Size } from "../session-values.ts";
import type { Effort, Step } from "../step.ts";

const LOADS: readonly Load[] = [
  { work: "read", atOnce: 1 },
  { work: "extend", atOnce: 1 },
  { work: "miss", atOnce: 1 },
  { work: "change", atOnce: 1 },
  { work: "read", atOnce: 64 },
  { work: "extend", atOnce: 64 },
  { work: "change", atOnce: 64 },
  { work: "create", atOnce: 1 },
  { work: "create", atOnce: 64 },
];

interface Server {
  readonly url: string;
  stop(): Promise<void>;
}

/** A suite whose contenders share a server. */
interface Shared {
  readonly suite: string;
  readonly contenders: readonly ContenderName[];
  readonly missing: () => string | undefined;
  readonly open: () => Promise<Server>;
}

export function redis(effort: Effort): Step[] {
  return overServer(effort, {
    suite: "redis",
    contenders: OVER_SERVERS.redis,
    missing: missingRedis,
    open: openRedis,
  });
}

export function postgres(effort: Effort): Step[] {
  return overServer(effort, {
    suite: "postgres",
    contenders: OVER_SERVERS.postgres,
    missing: missingPostgres,
    open: openPostgres,
  });
}

function overServer(effort: Effort, { suite, contenders, missing, open }: Shared): Step[] {
  let server: Server | undefined;
  const match = (size: Size): Match => ({
    suite,
    contenders,
    size,
    live: 10_000,
    keep: true,
    job: (subject) => {
      if (server === undefined) throw new Error("The server does not run.");
      const { time } = effort;
      return { kind: "accesses", ...subject, url: server.url, loads: LOADS, time, warmUp: WELL };
    },
  });
  const reason = missing();
  if (reason !== undefined) return [skipped(suite, reason)];
  const start = async () => {
    server = await open();
  };
  return [
    { title: `${suite}: start`, run: (results) => attempt(suite, start, results) },
    ...stepsOf(match("0.6 KB"), effort),
    ...stepsOf(match("8 KiB"), effort),
    { title: `${suite}: stop`, run: async () => server?.stop() },
  ];
}

function skipped(suite: string, reason: string): Step {
  const run = async (results: Results) => results.skip({ suite, contender: "all", reason });
  return { title: `${suite}: ${reason}`, run };
}

async function attempt(suite: string, start: () => Promise<void>, results: Results): Promise<void> {
  try {
    await start();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    results.skip({ suite, contender: "all", reason });
  }
}
