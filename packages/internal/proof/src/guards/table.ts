import { type Cells, cell, MarkedTable } from "../marked-table.ts";
import type { Guard } from "./guard.ts";
import type { Removal } from "./removal.ts";

const HEAD: Cells = ["what goes wrong without it", "where it stands", "what goes red first"];

/** Characters of a test's name that are shown. */
const LONGEST_NAME = 100;

/** Writes what came of it into a page. Rows of guards that were left in stay. */
export function writeTable(
  path: string,
  guards: readonly Guard[],
  removals: readonly Removal[],
): void {
  const table = new MarkedTable(path, "guards");
  const rows = guards.flatMap((guard): Cells[] => {
    const without = cell(guard.without);
    const where = cell(guard.file.replace(/^packages\//, "").replace("/src/", "/"));
    const removal = removals.find((each) => each.guard === guard);
    if (removal !== undefined) return [[without, where, cell(shortened(removal.red ?? "nothing"))]];
    return table.rows.filter((row) => row[0] === without && row[1] === where);
  });
  table.write(HEAD, rows);
}

/** Cut between two words. */
function shortened(text: string): string {
  if (text.length <= LONGEST_NAME) return text;
  return `${text.slice(0, LONGEST_NAME).replace(/\W*\s\S*$/, "")} …`;
}
