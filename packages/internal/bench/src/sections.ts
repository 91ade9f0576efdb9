import { accessTables } from "./access-tables.ts";
import { addedBy } from "./aims/http.ts";
import { aimsTable } from "./aims.ts";
import { Lookup } from "./lookup.ts";
import type { Written } from "./results.ts";
import { median, spread } from "./statistics.ts";
import { markdownTable } from "./tables.ts";
import { count, short } from "./units.ts";

/** The parts of docs/performance.md that are made from results, by name. */
export function sectionsOf(written: Written): Record<string, string> {
  return {
    machine: machine(written),
    aims: aimsTable(written),
    memory: accessTables("memory", written),
    http: http(written),
    heap: amounts("heap", written, { heap: "bytes of heap" }),
    level: `${accessTables("level", written)}\n\n${amounts("level", written, { disk: "bytes of disk" })}`,
    sweep: amounts("sweep", written, { sweep: "longest stall, ms" }),
    redis: accessTables("redis", written),
    postgres: accessTables("postgres", written),
    absences: absences(written),
  };
}

function machine({ machine, date, figures }: Written): string {
  const { processor, cores, memory, system, node } = machine;
  const rounds = Math.max(0, ...figures.map((figure) => figure.rounds.length));
  const versions = Object.entries(machine.versions).map(([name, version]) => `${name} ${version}`);
  return [
    `Measured on ${date}: ${processor}, ${cores} cores, ${memory} of memory, ${system}, Node ${node};`,
    `${rounds} rounds. Contenders: ${versions.join(", ")}.`,
  ].join("\n");
}

/** Requests under load: how many a second, what they take, and what of that the sessions take. */
function http(written: Written): string {
  const lookup = new Lookup(written);
  const servers = [
    ...new Set(lookup.all({ suite: "http" }).map(({ contender }) => contender)),
  ].sort();
  const rows = servers.flatMap((contender) =>
    ["read", "change"].map((work) => {
      const what = { suite: "http", contender, work };
      const [figure] = lookup.all({ ...what, unit: "µs" });
      const rates = (figure?.rounds ?? []).map((micros) => 1_000_000 / micros);
      const added = addedBy(lookup, contender, work);
      return [
        written.entrants[contender]?.title ?? contender,
        contender === "http-bare" ? "" : (WORKS[work] ?? ""),
        `${short(1_000_000 / median(figure?.rounds ?? []))} [${spread(rates).map(short).join("–")}]`,
        `${short(lookup.one({ ...what, unit: "CPU µs" }) ?? Number.NaN)} µs`,
        contender === "http-bare" || added === undefined ? "" : `${short(added)} µs`,
      ];
    }),
  );
  const head = [
    "server",
    "access",
    "requests a second",
    "processor time of one",
    "added by sessions",
  ];
  return markdownTable(
    head,
    rows.filter(([, work], place) => work !== "" || place % 2 === 0),
  );
}

const WORKS: Record<string, string> = { read: "reading", change: "changing" };

/** What was weighed or timed once for each contender, in columns by size. */
function amounts(suite: string, written: Written, names: Record<string, string>): string {
  const lookup = new Lookup(written);
  const figures = lookup.all({ suite }).filter(({ work }) => work in names);
  const rows = figures.map(({ contender, size, live, work, rounds }) => [
    written.entrants[contender]?.title ?? contender,
    `${count(live)} of ${size}`,
    `${Number(median(rounds).toPrecision(3))} [${spread(rounds)
      .map((n) => Number(n.toPrecision(3)))
      .join("–")}]`,
    written.entrants[contender]?.lacks.join("; ") ?? "",
    names[work] ?? work,
  ]);
  const name = Object.values(names)[0] ?? "";
  return markdownTable(
    ["", "sessions", name, "does not promise"],
    rows.map((row) => row.slice(0, 4)),
  );
}

function absences({ absences }: Written): string {
  if (absences.length === 0) return "Everything was measured.";
  const rows = absences.map(({ suite, contender, reason }) => [suite, contender, reason]);
  return markdownTable(["suite", "not measured", "why"], rows);
}
