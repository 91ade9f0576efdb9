import { type Cells, cell, MarkedTable } from "../marked-table.ts";

const HEAD: Cells = ["what", "counted"];

/** As `tally` says it. */
const COUNTED = /^.*counted: (.+?): (\d.*)$/gm;

/** Writes what a long run said into a page. Rows of what it did not count stay. */
export function writeCounts(path: string, said: string): number {
  const table = new MarkedTable(path, "counts");
  const known = table.rows.filter(([what = "-"]) => what !== HEAD[0] && !/^-+$/.test(what));
  const rows = new Map(known.map(([what = "", counted = ""]) => [what, counted]));
  const found = [...said.matchAll(COUNTED)];
  for (const [, what = "", counted = ""] of found) rows.set(cell(what), cell(counted));
  table.write(
    HEAD,
    [...rows].sort(([one], [other]) => (one < other ? -1 : 1)),
  );
  return found.length;
}
