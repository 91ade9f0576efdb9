import { Lookup, type Query } from "./lookup.ts";
import type { Figure, Written } from "./results.ts";
import { median, spread } from "./statistics.ts";
import { markdownTable } from "./tables.ts";
import { count, short } from "./units.ts";

/** The kinds of access, as the columns are called. */
const COLUMNS: Record<string, string> = {
  read: "read two keys",
  readAll: "read all keys",
  change: "change one key",
  extend: "extend",
  create: "create",
  miss: "miss",
};

/** Every access that was measured in a suite: a table for each size, number of sessions and at once. */
export function accessTables(suite: string, written: Written): string {
  const lookup = new Lookup(written);
  const figures = lookup.all({ suite, unit: "µs" });
  const groups = new Map(
    figures.map((figure) => [JSON.stringify(groupOf(figure)), groupOf(figure)]),
  );
  const known = [...groups.values()].filter((group) => lookup.all(group).some(isAccess));
  return known.map((group) => table(group, lookup, written)).join("\n\n");
}

type Group = Pick<Figure, "suite" | "size" | "live" | "atOnce">;

function groupOf({ suite, size, live, atOnce }: Figure): Group {
  return { suite, size, live, atOnce };
}

function isAccess({ work }: Figure): boolean {
  return work in COLUMNS;
}

function table(group: Group, lookup: Lookup, { entrants }: Written): string {
  const figures = lookup.all({ ...group, unit: "µs" }).filter(isAccess);
  const works = Object.keys(COLUMNS).filter((work) => figures.some((each) => each.work === work));
  const contenders = [...new Set(figures.map(({ contender }) => contender))];
  const rows = contenders.map((contender) => [
    titleOf(contender, { ...group, contender }, lookup, entrants),
    ...works.map((work) => cell({ ...group, contender, work }, lookup)),
    entrants[contender]?.lacks.join("; ") ?? "",
  ]);
  const head = ["", ...works.map((work) => COLUMNS[work] ?? work), "does not promise"];
  const { size, live, atOnce } = group;
  const title = `${size}, ${count(live)} sessions, ${atOnce === 1 ? "one" : atOnce} at once`;
  return `**${title}**\n\n${markdownTable(head, rows)}`;
}

function titleOf(
  contender: string,
  what: Query,
  lookup: Lookup,
  entrants: Written["entrants"],
): string {
  const title = entrants[contender]?.title ?? contender;
  const bare = lookup.one({ ...what, work: "bare", atOnce: 1, unit: "µs" });
  return bare === undefined ? title : `${title}, less its framework's ${short(bare)} µs`;
}

/** Accesses a second, their spread, and the processor time of one. */
function cell(what: Query, lookup: Lookup): string {
  const [figure] = lookup.all({ ...what, unit: "µs" });
  if (figure === undefined) return "";
  const bare = lookup.one({ ...what, work: "bare", atOnce: 1, unit: "µs" }) ?? 0;
  const rates = figure.rounds.map((micros) => 1_000_000 / Math.max(micros - bare, 0.01));
  const [low, high] = spread(rates);
  const cpu = lookup.net({ ...what, unit: "CPU µs" });
  const middle = 1_000_000 / Math.max(median(figure.rounds) - bare, 0.01);
  return `${short(middle)} [${short(low)}–${short(high)}] · ${short(cpu ?? Number.NaN)} µs`;
}
