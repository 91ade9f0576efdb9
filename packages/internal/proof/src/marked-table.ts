import { readFileSync, writeFileSync } from "node:fs";

export type Cells = readonly string[];

/** A table of a page that stands between two comments and is written by a program. */
export class MarkedTable {
  readonly #path: string;
  readonly #before: string;
  readonly #after: string;
  /** The cells of each line as the page has them, head and rule included. */
  readonly rows: readonly Cells[];

  /** `name`: of the comments, `<!-- name -->` and `<!-- /name -->`. */
  constructor(path: string, name: string) {
    const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
    const [before = "", rest = ""] = readFileSync(path, "utf8").split(start);
    const [table = "", after] = rest.split(end);
    if (after === undefined) throw new Error(`${path} must hold ${start} and ${end}`);
    this.#path = path;
    this.#before = before + start;
    this.#after = end + after;
    this.rows = table.split("\n").map(cellsOf);
  }

  write(head: Cells, rows: readonly Cells[]): void {
    writeFileSync(this.#path, `${this.#before}\n\n${aligned(head, rows)}\n${this.#after}`);
  }
}

/** Text as it stands in a cell. */
export function cell(text: string): string {
  return text.replace(/[|<*_`\\[\]]/g, "\\$&").replace(/\s+/g, " ");
}

function cellsOf(line: string): Cells {
  return line
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((each) => each.trim());
}

function aligned(head: Cells, rows: readonly Cells[]): string {
  const widths = head.map((_, at) =>
    Math.max(...[head, ...rows].map((row) => row[at]?.length ?? 0)),
  );
  const line = (cells: Cells) =>
    `| ${cells.map((each, at) => each.padEnd(widths[at] ?? 0)).join(" | ")} |\n`;
  const rule = widths.map((width) => "-".repeat(width));
  return [head, rule, ...rows].map(line).join("");
}
