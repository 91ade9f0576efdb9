import Table from "cli-table3";
import { CONTENDERS } from "../contenders/all.ts";
import type { AccessName } from "../measuring/job.ts";
import { type Figure, type Results, SHORT } from "./results.ts";

/** The columns of accesses, and how they are called. */
const ACCESSES: Partial<Record<AccessName, string>> = {
  read: "read 2 keys",
  readAll: "read all keys",
  change: "change",
  extend: "extend",
  create: "create",
  miss: "miss",
};

/** Suites in which nothing waits: processor time is steadier there than the time that passes. */
const PROCESSOR_BOUND = ["path", "memory", "http"];

const LEGEND = `Accesses a second; over HTTP, the processor time that sessions add to a request. A framework's share is left out.
×: what the access takes, with the first contender of the block as 1. In the suites path, memory and http that is
processor time, elsewhere the time that passes.`;

/** All figures in one table: a block for each suite, size, number of sessions and accesses at once. */
export function tableOf(results: Results): string {
  const accesses = Object.entries(ACCESSES);
  const table = new Table({
    head: ["", ...accesses.map(([, title]) => title), "amount"],
    colAligns: ["left", ...accesses.map(() => "right" as const), "right"],
    style: { head: [], border: [], compact: true },
  });
  for (const [title, block] of blocksOf(results.figures)) {
    table.push([{ content: title, colSpan: accesses.length + 2 }]);
    const contenders = [...new Set(block.map(({ contender }) => contender))];
    for (const contender of contenders) {
      const cell = (isInColumn: (access: string) => boolean) => {
        const figure = block.find(
          (each) => each.contender === contender && isInColumn(each.access),
        );
        return figure === undefined ? "" : textOf(figure, contenders[0], results);
      };
      table.push([
        contender,
        ...accesses.map(([access]) => cell((each) => each === access)),
        cell((each) => !(each in ACCESSES)),
      ]);
    }
  }
  return `${table.toString()}\n${LEGEND}\n\n${titlesOf(results.figures)}`;
}

/** Who the contenders are, and what they do not promise. */
function titlesOf(figures: readonly Figure[]): string {
  const measured = Object.entries(CONTENDERS).filter(([name]) =>
    figures.some(({ contender }) => contender === name),
  );
  const lines = measured.map(([name, { title, lacks }]) =>
    [`${name}: ${title}`, ...lacks].join("; "),
  );
  return lines.join("\n");
}

/** The contenders that did the same work, under the title of their block. */
function blocksOf(figures: readonly Figure[]): Map<string, Figure[]> {
  const blocks = new Map<string, Figure[]>();
  for (const figure of figures) {
    const { suite, size, sessions, atOnce, access, unit } = figure;
    if (access === "bare" || unit === (suite === "http" ? "µs" : "CPU µs")) continue;
    const title = `${suite}: ${sessions.toLocaleString("en")} sessions of ${size}, ${atOnce} at once`;
    blocks.set(title, [...(blocks.get(title) ?? []), figure]);
  }
  return blocks;
}

/** A median, and how it compares with the first contender's. */
function textOf(figure: Figure, first = figure.contender, results: Results): string {
  const { suite, unit } = figure;
  const value = results.netMedian(figure);
  if (value === undefined) return "";
  const costUnit = unit === "µs" && PROCESSOR_BOUND.includes(suite) ? "CPU µs" : unit;
  const cost = results.netMedian({ ...figure, unit: costUnit });
  const reference = results.netMedian({ ...figure, unit: costUnit, contender: first });
  const ratio = cost && reference ? ` ${SHORT.format(cost / reference)}×` : "";
  const amount = `${SHORT.format(value)} ${unit.replace("CPU ", "")}`;
  return (unit === "µs" ? SHORT.format(1_000_000 / value) : amount) + ratio;
}
