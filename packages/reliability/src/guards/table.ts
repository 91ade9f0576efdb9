import { readFileSync, writeFileSync } from "node:fs";
import type { Guard } from "./guard.ts";
import type { Removal } from "./removal.ts";

const START = "<!-- guards -->";
const END = "<!-- /guards -->";
const HEAD: Row = ["what goes wrong without it", "where it stands", "what goes red first"];

/** Characters of a test's name that are shown. */
const LONGEST_NAME = 100;

type Row = readonly [without: string, where: string, red: string];

/** Writes what came of it between the markers of a page. Rows of guards that were left in stay. */
export function writeTable(
  path: string,
  guards: readonly Guard[],
  removals: readonly Removal[],
): void {
  const page = readFileSync(path, "utf8");
  const [before, rest = ""] = page.split(START);
  const [earlier = "", after] = rest.split(END);
  if (after === undefined) throw new Error(`${path} must hold ${START} and ${END}`);
  const known = earlier.split("\n").map(parsed);
  const rows = guards.flatMap((guard): Row[] => {
    const without = cell(guard.without);
    const where = cell(guard.file.replace(/^packages\//, "").replace("/src/", "/"));
    const removal = removals.find((each) => each.guard === guard);
    if (removal !== undefined) return [[without, where, cell(shortened(removal.red ?? "nothing"))]];
    return known.filter((row) => row[0] === without && row[1] === where);
  });
  writeFileSync(path, `${before}${START}\n\n${aligned(rows)}\n${END}${after}`);
}

/** The cells of a line; what is no row gives cells that are no guard's. */
function parsed(line: string): Row {
  const [, without = "", where = "", red = ""] = line.split(/(?<!\\)\|/).map((each) => each.trim());
  return [without, where, red];
}

function aligned(rows: readonly Row[]): string {
  const widths = HEAD.map((_, at) =>
    Math.max(...[HEAD, ...rows].map((row) => row[at]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((each, at) => each.padEnd(widths[at] ?? 0)).join(" | ")} |\n`;
  const rule = widths.map((width) => "-".repeat(width));
  return [HEAD, rule, ...rows].map(line).join("");
}

function cell(text: string): string {
  return text.replace(/[|<*_`\\[\]]/g, "\\$&").replace(/\s+/g, " ");
}

/** Cut between two words. */
function shortened(text: string): string {
  if (text.length <= LONGEST_NAME) return text;
  return `${text.slice(0, LONGEST_NAME).replace(/\W*\s\S*$/, "")} …`;
}
