import { mkdtemp, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { openPostgres, openRedis } from "@sess/test-servers";
import Table from "cli-table3";
import { build } from "esbuild";
import { max, median, min } from "simple-statistics";
import { Child } from "./child.ts";
import type { ContenderName } from "./contenders.ts";
import type { AccessJob, Load, Measured, Unit } from "./job.ts";
import { Progress } from "./progress.ts";
import { WELL } from "./rounds.ts";

// Compares the speed of two checkouts of this repository, "before" and "now".
//
// The worker program is bundled twice, over core and the stores of each checkout. Everything else is the same on
// both sides: drivers, contenders, the code that measures. Each pair of workers, one for each side, alternates in
// short slices, so that whatever else the machine does hits both alike. A few pairs are needed because one process
// can be several percent faster than another that runs the very same code.

const PACKAGES = ["core", "store-memory", "store-level", "store-redis", "store-postgres"];

const PACKAGE = resolve(import.meta.dirname, "..");

const SESSIONS = 10_000;

interface Contest {
  readonly contender: ContenderName;
  readonly loads: readonly Load[];
  readonly open?: () => Promise<{ readonly url: string; stop(): Promise<void> }>;
}

const ALONE: readonly Load[] = [
  { work: "read", atOnce: 1 },
  { work: "change", atOnce: 1 },
  { work: "create", atOnce: 1 },
];

const ALONE_AND_TOGETHER: readonly Load[] = [
  { work: "read", atOnce: 1 },
  { work: "read", atOnce: 64 },
  { work: "change", atOnce: 1 },
  { work: "change", atOnce: 64 },
];

const CONTESTS: readonly Contest[] = [
  { contender: "sess-manager", loads: ALONE },
  { contender: "sess-level", loads: ALONE_AND_TOGETHER },
  { contender: "sess-redis", loads: ALONE_AND_TOGETHER, open: openRedis },
  { contender: "sess-postgres", loads: ALONE_AND_TOGETHER, open: openPostgres },
];

/** Both sides of one slice. */
interface Slice {
  readonly unit: Unit;
  readonly before: number;
  readonly now: number;
}

/** The slices of each row, pair after pair. */
type Slices = Map<string, Slice[][]>;

const HELP = `npm run compare -w @sess/bench -- <before> [<now>] [--only <name>] [--pairs 4] [--slices 16] [--time 60]

  before, now   checkouts of this repository with their dependencies; now is this one unless given
  --only        contenders whose name contains this: ${CONTESTS.map(({ contender }) => contender).join(", ")}
  --pairs       pairs of worker processes
  --slices      slices of each pair
  --time        ms for each access in a slice
`;

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
  const [pairs, slices, time] = [Number(values.pairs), Number(values.slices), Number(values.time)];
  const contests = CONTESTS.filter(({ contender }) => contender.includes(values.only));
  // Inside this package, so that both sides find the same drivers.
  const folder = await mkdtemp(join(PACKAGE, "dist/compare-"));
  const progress = new Progress(contests.length * pairs);
  try {
    const programs = {
      before: await bundled(before, join(folder, "before")),
      now: await bundled(now, join(folder, "now")),
    };
    const rows: Slices = new Map();
    for (const contest of contests) {
      const server = await contest.open?.();
      const job = jobOf(contest, time, server?.url);
      for (let pair = 0; pair < pairs; pair += 1) {
        progress.next(`${contest.contender}, pair ${pair + 1} of ${pairs}`);
        const found = await measurePair(programs, job, slices);
        for (const [key, each] of found) rows.set(key, [...(rows.get(key) ?? []), each]);
      }
      await server?.stop();
    }
    progress.stop();
    process.stdout.write(`before: ${before}\nnow:    ${now}\n${tableOf(rows)}\n`);
  } finally {
    progress.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** npm runs this in the package; what is typed is meant from where it was typed. */
function absolute(path: string): string {
  return resolve(process.env["INIT_CWD"] ?? "", path);
}

function jobOf({ contender, loads }: Contest, time: number, url = ""): AccessJob {
  return {
    kind: "accesses",
    contender,
    size: "0.6 KB",
    live: SESSIONS,
    url,
    loads,
    time,
    warmUp: WELL,
  };
}

/** The worker program over the sources of one checkout. */
async function bundled(checkout: string, outdir: string): Promise<string> {
  const source = (name: string, entry: string) => join(checkout, "packages", name, "src", entry);
  const alias = Object.fromEntries(
    PACKAGES.map((name) => [`@sess/${name}`, source(name, "index.ts")]),
  );
  await build({
    entryPoints: [join(PACKAGE, "src/worker.ts")],
    outdir,
    // Entries of core that a checkout does not have are imported by none of its stores.
    alias: { ...alias, "@sess/core/adapter": source("core", "adapter.ts") },
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

/** Two processes that take turns at each access; the side that begins alternates too. */
async function measurePair(
  programs: { readonly before: string; readonly now: string },
  job: AccessJob,
  slices: number,
): Promise<Map<string, Slice[]>> {
  const sides = { before: new Child(programs.before), now: new Child(programs.now) };
  const found = new Map<string, Slice[]>();
  const ask = async (side: keyof typeof sides, loads: readonly Load[]) =>
    (await sides[side].ask({ ...job, loads })).measured ?? [];
  try {
    // Fills, proves and warms up.
    await ask("before", job.loads);
    await ask("now", job.loads);
    for (let slice = 0; slice < slices; slice += 1) {
      for (const load of job.loads) {
        const isSwapped = slice % 2 === 1;
        const one = await ask(isSwapped ? "now" : "before", [load]);
        const other = await ask(isSwapped ? "before" : "now", [load]);
        const [before, now] = isSwapped ? [other, one] : [one, other];
        for (const each of slicesOf(before, now)) {
          const key = [job.contender, load.work, load.atOnce, each.unit].join();
          found.set(key, [...(found.get(key) ?? []), each]);
        }
      }
    }
    return found;
  } finally {
    await Promise.all([sides.before.stop(), sides.now.stop()]);
  }
}

function slicesOf(before: readonly Measured[], now: readonly Measured[]): Slice[] {
  return before.flatMap(({ unit, value }) => {
    const counterpart = now.find((each) => each.unit === unit);
    return counterpart === undefined ? [] : [{ unit, before: value, now: counterpart.value }];
  });
}

/** Time that passes and processor time of one access; a ratio above 1 means that it is slower now. */
function tableOf(rows: Slices): string {
  const table = new Table({
    head: ["", "access", "at once", "unit", "before", "now", "now / before", "pairs"],
    colAligns: ["left", "left", "right", "left", "right", "right", "right", "right"],
    style: { head: [], border: [], compact: true },
  });
  for (const [key, pairs] of rows) {
    const ratios = pairs.map((pair) => median(pair.map(({ before, now }) => now / before)));
    const all = pairs.flat();
    table.push([
      ...key.split(","),
      median(all.map(({ before }) => before)).toPrecision(3),
      median(all.map(({ now }) => now)).toPrecision(3),
      median(ratios).toFixed(3),
      `${min(ratios).toFixed(3)} – ${max(ratios).toFixed(3)}`,
    ]);
  }
  return table.toString();
}

await main();
