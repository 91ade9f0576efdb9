import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { openPostgres, openRedis } from "@sess/test-servers";
import type { PartialStrykerOptions } from "@stryker-mutator/api/core";
import { Stryker } from "@stryker-mutator/core";
import { TARGETS, targetNamed } from "./targets.ts";

const ROOT = join(import.meta.dirname, "../../../..");
const HERE = "packages/internal/mutation";

/** Per cent of a target's mutants that tests must kill, and that they should. */
const SCORES = { break: 75, low: 75, high: 85 };

const { positionals: names, values: given } = parseArgs({
  allowPositionals: true,
  options: { mutate: { type: "string", multiple: true }, workers: { type: "string" } },
});

// Stryker takes all paths from here.
process.chdir(ROOT);
const targets = names.length > 0 ? names : Object.keys(TARGETS);
for (const name of targets) targetNamed(name);

// Once for all runs of the tests, each of which would start its own.
const [redis, postgres] = await Promise.all([openRedis(), openPostgres()]);
Object.assign(process.env, { REDIS_URL: redis.url, DATABASE_URL: postgres.url });
try {
  for (const name of targets) await mutate(name);
} finally {
  await Promise.all([redis.stop(), postgres.stop()]);
}

/** Mutates a target, prints its survivors and scores, and has this process fail where too many survive. */
async function mutate(name: string): Promise<void> {
  const { folder, mutate } = targetNamed(name);
  process.env["SESS_MUTATION_TARGET"] = name;
  const inRoot = (glob: string) => glob.replace(/^!?/, (not) => `${not}packages/${folder}/`);
  const options: PartialStrykerOptions = {
    mutate: given.mutate ?? mutate.map(inRoot),
    testRunner: "jest",
    jest: { configFile: `${HERE}/jest.config.ts`, enableFindRelatedTests: false },
    coverageAnalysis: "perTest",
    concurrency: Number(given.workers ?? availableParallelism()),
    // Ample: a mutant that is slow on a busy machine must not pass for one that hangs.
    timeoutMS: 15_000,
    // A jest that has run for long grows slow and large.
    maxTestRunnerReuse: 40,
    // What is copied, beside node_modules, which are linked.
    ignorePatterns: [
      "**",
      "!*.{json,ts}",
      "!packages/**/{src,test,conformance}/**",
      `!${HERE}/*.ts`,
      "**/node_modules/**",
      "packages/internal/{bench,examples,pack-check,proof}/**",
    ],
    // Outside of the repository, or whoever runs jest meanwhile finds every package twice.
    tempDirName: join(tmpdir(), `sess-mutation-${name}`),
    reporters: ["json", "html", "clear-text", "progress-append-only"],
    clearTextReporter: { logTests: false, reportTests: false },
    thresholds: SCORES,
    jsonReporter: { fileName: `${HERE}/reports/${name}.json` },
    htmlReporter: { fileName: `${HERE}/reports/${name}.html` },
    // Constants and tables decide as well: they are mutated although each takes a run of all tests.
    ignoreStatic: false,
    warnings: false,
  };
  await new Stryker(options).runMutationTest();
}
