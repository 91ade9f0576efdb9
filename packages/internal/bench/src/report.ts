import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { svgOf } from "./charts.ts";
import { redrawn } from "./document.ts";
import { drawingsOf } from "./drawings.ts";
import { textOf, type Written } from "./results.ts";
import { sectionsOf } from "./sections.ts";

/** Where the results of all suites are kept, in a folder of documents. */
export function resultsIn(documents: string): string {
  return join(documents, "performance/results.json");
}

/** Draws a page anew from the results beside it. */
export async function redraw(documents: string): Promise<Written> {
  const written: Written = JSON.parse(await readFile(resultsIn(documents), "utf8"));
  await publish(documents, written);
  return written;
}

/** Writes results, charts and tables into a folder of documents. */
export async function publish(documents: string, written: Written): Promise<void> {
  const folder = join(documents, "performance");
  await mkdir(folder, { recursive: true });
  await writeFile(resultsIn(documents), textOf(written));
  for (const [name, chart] of Object.entries(drawingsOf(written))) {
    await writeFile(join(folder, `${name}.svg`), svgOf(chart));
  }
  const page = join(documents, "performance.md");
  await writeFile(page, redrawn(await readFile(page, "utf8"), sectionsOf(written)));
}
