import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { aimsTable } from "./aims.ts";
import { type Arguments, readArguments } from "./arguments.ts";
import { contenderNames } from "./contenders.ts";
import { thisMachine } from "./machine.ts";
import { Progress } from "./progress.ts";
import { publish, redraw, resultsIn } from "./report.ts";
import { Results, textOf, type Written } from "./results.ts";
import { sectionsOf } from "./sections.ts";
import type { Effort, Step } from "./step.ts";
import { heap } from "./suites/heap.ts";
import { http } from "./suites/http.ts";
import { level } from "./suites/level.ts";
import { memory } from "./suites/memory.ts";
import { postgres, redis } from "./suites/servers.ts";
import { sweep } from "./suites/sweep.ts";

const SUITES: Record<string, (effort: Effort) => Step[]> = {
  memory,
  level,
  http,
  heap,
  sweep,
  redis,
  postgres,
};

/** Beside this file, once bundled. */
const HERE = dirname(fileURLToPath(import.meta.url));
const PACKAGE = dirname(HERE);

async function main(): Promise<void> {
  const asked = readArguments(process.argv.slice(2), {
    suites: Object.keys(SUITES),
    contenders: ["bare", ...contenderNames()],
  });
  const { documents = join(PACKAGE, "../../docs") } = asked;
  const written = asked.isDrawing ? await redraw(documents) : await measure(asked, documents);
  process.stdout.write(`${aimsTable(written)}\n`);
}

/** A look at a part of it all is nothing to publish. */
async function measure(asked: Arguments, documents: string): Promise<Written> {
  const isPart = asked.isQuick || asked.contenders.length > 0;
  const results = isPart ? new Results() : await Results.before(resultsIn(documents), asked.suites);
  await run(asked, results);
  const written = results.written(thisMachine(PACKAGE));
  if (isPart) await show(asked, written);
  else await publish(documents, written);
  for (const { suite, contender, reason } of results.absences) {
    process.stderr.write(`${suite}, ${contender}: ${reason}\n`);
  }
  // A time is never right or wrong; what was read back is.
  if (results.hasFailed) process.exitCode = 1;
  return written;
}

async function run(
  { suites, contenders, rounds, isQuick }: Arguments,
  results: Results,
): Promise<void> {
  const pace = isQuick ? { time: 10, divisor: 100 } : { time: 40, divisor: 1 };
  const effort = { program: join(HERE, "worker.js"), rounds, contenders, ...pace };
  const steps = suites.flatMap((suite) => SUITES[suite]?.(effort) ?? []);
  const progress = new Progress(steps.length);
  for (const step of steps) {
    progress.next(step.title);
    await step.run(results);
  }
  progress.stop();
}

async function show({ suites }: Arguments, written: Written): Promise<void> {
  const sections = sectionsOf(written);
  for (const suite of suites) process.stdout.write(`${sections[suite] ?? ""}\n\n`);
  const path = join(tmpdir(), "sess-bench.json");
  await writeFile(path, textOf(written));
  process.stdout.write(`All of it: ${path}\n\n`);
}

await main();
