import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { SingleBar } from "cli-progress";
import { sum } from "simple-statistics";
import { type CommandLine, HELP, readCommandLine } from "./command-line.ts";
import { messageOf, play, roundsOf } from "./measuring/rounds.ts";
import { thisMachine } from "./results/machine.ts";
import { Results } from "./results/results.ts";
import { tableOf } from "./results/table.ts";
import { SUITES, type Suite } from "./suites.ts";

const PACKAGE = resolve(import.meta.dirname, "..");

/** Ignored by git. */
const RESULTS = join(PACKAGE, "results");

async function main(): Promise<void> {
  const commandLine = readCommandLine(process.argv.slice(2));
  if (commandLine.isHelp) {
    process.stdout.write(HELP);
    return;
  }
  const results = await run(commandLine);
  await write(results);
  process.stdout.write(`${tableOf(results)}\n\nAs JSON: ${RESULTS}\n`);
  for (const { suite, contender, reason } of results.absences) {
    process.stderr.write(`Not measured: ${suite}, ${contender}: ${reason}\n`);
  }
  // A time is never wrong. A contender that fails its proof is.
  if (results.absences.some(({ isFailure }) => isFailure)) process.exitCode = 1;
}

async function run(commandLine: CommandLine): Promise<Results> {
  const { rounds, isQuick } = commandLine;
  const suites = chosenSuites(commandLine);
  const steps = suites
    .flatMap(({ matches }) => matches)
    .map((match) => match.contenders.length * roundsOf(match, rounds));
  const progress = new SingleBar({
    format: "{bar} {percentage}% | {value} of {total} | {duration_formatted} | {title}",
    clearOnComplete: true,
    noTTYOutput: true,
    notTTYSchedule: 10_000,
  });
  progress.start(sum(steps), 0, { title: "" });
  const results = new Results();
  const scale = isQuick ? { time: 10, divisor: 100 } : { time: 40, divisor: 1 };
  const effort = { program: join(PACKAGE, "dist/worker.js"), rounds, ...scale };
  for (const { name, matches, server } of suites) {
    const running = await startServer(name, server, results);
    if (running === undefined) continue;
    for (const match of matches) await play(match, running.url, effort, results, progress);
    await running.stop();
  }
  progress.stop();
  return results;
}

function chosenSuites({ suites, contenders }: CommandLine): Suite[] {
  return SUITES.filter(({ name }) => suites.includes(name)).map((suite) => ({
    ...suite,
    matches: suite.matches.map((match) => ({
      ...match,
      contenders: match.contenders.filter((name) => contenders.includes(name)),
    })),
  }));
}

/** Undefined where there is none to start. */
async function startServer(suite: string, server: Suite["server"], results: Results) {
  if (server === undefined) return { url: "", stop: async () => {} };
  const missing = server.missing();
  try {
    if (missing !== undefined) throw new Error(missing);
    return await server.open();
  } catch (error) {
    results.absences.push({ suite, contender: "all", reason: messageOf(error), isFailure: false });
    return undefined;
  }
}

async function write(results: Results): Promise<void> {
  const { figures, absences } = results;
  const file = { date: new Date().toISOString(), machine: thisMachine(), figures, absences };
  await mkdir(RESULTS, { recursive: true });
  await writeFile(join(RESULTS, "results.json"), `${JSON.stringify(file, null, 2)}\n`);
}

await main();
