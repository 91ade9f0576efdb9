import { mkdtemp, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { openPostgres, openRedis } from "@sess/test-servers";
import Table from "cli-table3";
import { build } from "esbuild";
import { max, median, min } from "simple-statistics";
import type { AccessJob } from "./measuring/job.ts";
import { LONG_WARM_UP, loads } from "./measuring/rounds.ts";
import { WorkerProcess } from "./measuring/worker-process.ts";
import { type Query, Results } from "./results/results.ts";

// Compares the speed of two checkouts of this repository, "before" and "now".
//
// The worker program is bundled twice, over core and the stores of each checkout. Everything else is the same on
// both sides: drivers, contenders, the code that measures. Each pair of workers, one for each side, alternates in
// short slices, so that whatever else the machine does hits both alike. A few pairs are needed because one process
// can be several percent faster than another that runs the very same code.

const HELP = `npm run compare -w @sess/bench -- <before> [<now>] [--only name] [--pairs 4] [--slices 16] [--time 60]

  before, now   checkouts of this repository; now is this one by default
  --only        contenders whose name contains this
  --pairs       pairs of worker processes
  --slices      slices of each pair
  --time        ms for each access in a slice
`;

const PACKAGE = resolve(import.meta.dirname, "..");

const SOURCES = ["core", "store-memory", "store-level", "store-redis", "store-postgres"];

const ALONE = loads(1, "read", "change", "create");
const ALONE_AND_TOGETHER = [...loads(1, "read", "change"), ...loads(64, "read", "change")];

const CONTESTS = [
  { contender: "sess-manager", loads: ALONE },
  { contender: "sess-level", loads: ALONE_AND_TOGETHER },
  { contender: "sess-redis", loads: ALONE_AND_TOGETHER, open: openRedis },
  { contender: "sess-postgres", loads: ALONE_AND_TOGETHER, open: openPostgres },
] as const;

/** What both sides took, with the pair as suite and a slice as round. */
const RESULTS = { before: new Results(), now: new Results() };

type Side = keyof typeof RESULTS;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      only: { type: "string", default: "" },
      pairs: { type: "string", default: "4" },
      slices: { type: "string", default: "16" },
      time: { type: "string", default: "60" },
    },
  });
  const [before, now = resolve(PACKAGE, "../../..")] = positionals.map(absolute);
  if (before === undefined) {
    process.stderr.write(HELP);
    process.exitCode = 2;
    return;
  }
  // Inside this package, so that both sides find the same drivers.
  const folder = await mkdtemp(join(PACKAGE, "dist/compare-"));
  try {
    const programs = {
      before: await bundle(before, join(folder, "before")),
      now: await bundle(now, join(folder, "now")),
    };
    for (const { contender, ...contest } of CONTESTS) {
      if (!contender.includes(values.only)) continue;
      const server = "open" in contest ? await contest.open() : undefined;
      const subject = {
        contender,
        size: "0.6 KB",
        sessions: 10_000,
        url: server?.url ?? "",
      } as const;
      const time = Number(values.time);
      const job = {
        kind: "accesses",
        ...subject,
        loads: contest.loads,
        time,
        warmUp: LONG_WARM_UP,
      } as const;
      for (let pair = 1; pair <= Number(values.pairs); pair += 1) {
        process.stderr.write(`${contender}, pair ${pair} of ${values.pairs}\n`);
        await measurePair(pair, programs, job, Number(values.slices));
      }
      await server?.stop();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  process.stdout.write(`before: ${before}\nnow:    ${now}\n${table()}\n`);
}

/** npm changes to the folder of the package; a path is meant from where it was typed. */
function absolute(path: string): string {
  return resolve(process.env["INIT_CWD"] ?? "", path);
}

/** Bundles the worker program over the sources of a checkout. */
async function bundle(checkout: string, outdir: string): Promise<string> {
  const source = (name: string, file: string) => join(checkout, "packages", name, "src", file);
  const entries = SOURCES.map((name) => [`@sess/${name}`, source(name, "index.ts")]);
  // An older checkout may lack this entry, but then none of its stores imports it.
  const adapter = { "@sess/core/adapter": source("core", "adapter.ts") };
  await build({
    entryPoints: [join(PACKAGE, "src/worker.ts")],
    outdir,
    alias: { ...Object.fromEntries(entries), ...adapter },
    bundle: true,
    splitting: true,
    packages: "external",
    platform: "node",
    format: "esm",
    target: "node20",
    logLevel: "warning",
  });
  return join(outdir, "worker.js");
}

/** Alternates between two processes at each access. The side that begins alternates too. */
async function measurePair(
  pair: number,
  programs: Record<Side, string>,
  job: AccessJob,
  slices: number,
): Promise<void> {
  const workers = {
    before: new WorkerProcess(programs.before),
    now: new WorkerProcess(programs.now),
  };
  try {
    // Fills the stores and warms up. These answers do not count.
    for (const worker of Object.values(workers)) await worker.ask(job);
    for (let slice = 0; slice < slices; slice += 1) {
      const sides: Side[] = slice % 2 === 0 ? ["before", "now"] : ["now", "before"];
      for (const load of job.loads) {
        for (const side of sides) {
          const { measured = [] } = await workers[side].ask({ ...job, loads: [load] });
          RESULTS[side].add({ ...job, suite: String(pair) }, measured);
        }
      }
    }
  } finally {
    for (const worker of Object.values(workers)) await worker.stop();
  }
}

/** A ratio above 1 means that an access takes more now. "pairs" shows the least and the greatest ratio of a pair. */
function table(): string {
  const table = new Table({
    head: ["", "access", "at once", "unit", "before", "now", "now / before", "pairs"],
    colAligns: ["left", "left", "right", "left", "right", "right", "right", "right"],
    style: { head: [], border: [], compact: true },
  });
  const all = { before: RESULTS.before.figures, now: RESULTS.now.figures };
  for (const { contender, access, atOnce, unit } of all.before.filter(
    (each) => each.suite === "1",
  )) {
    const isInRow = (each: Query) =>
      each.contender === contender &&
      each.access === access &&
      each.atOnce === atOnce &&
      each.unit === unit;
    const [before, now] = [all.before.filter(isInRow), all.now.filter(isInRow)];
    const ratios = before.map(({ rounds }, pair) =>
      median(rounds.map((value, slice) => (now[pair]?.rounds[slice] ?? Number.NaN) / value)),
    );
    table.push([
      ...[contender, access, atOnce, unit],
      ...[before, now].map((side) => median(side.flatMap(({ rounds }) => rounds)).toPrecision(3)),
      median(ratios).toFixed(3),
      `${min(ratios).toFixed(3)} – ${max(ratios).toFixed(3)}`,
    ]);
  }
  return table.toString();
}

await main();
