import type { Unit } from "../../src/job.ts";
import type { Figure, Written } from "../../src/results.ts";

/** Results of two contenders, in every suite that has a table or a chart. */
export const small: Written = {
  date: "2026-01-02",
  machine: {
    processor: "A processor",
    cores: 2,
    memory: "8 GiB",
    system: "Linux",
    node: "v20.19.0",
    versions: { "express-session": "1.19.0" },
  },
  entrants: {
    sess: { title: "@sess, MemoryStore", lacks: [] },
    "express-session": { title: "express-session, MemoryStore", lacks: ["ids in plain"] },
  },
  figures: [
    ...accesses("memory", "sess", [10, 12, 11]),
    ...accesses("memory", "express-session", [330, 110, 220]),
    ...["bare", "sess", "express-session"].flatMap((server, place) =>
      accesses("http", `http-${server}`, [50 + 100 * place]),
    ),
    figure("heap", "sess-manager", "heap", "bytes", [800]),
    figure("heap", "memory-store", "heap", "bytes", [900]),
    ...accesses("level", "sess-level", [20]),
    figure("sweep", "sess-manager", "sweep", "ms", [12]),
    ...accesses("redis", "sess-redis", [40]),
    ...accesses("postgres", "sess-postgres", [60]),
  ],
  absences: [{ suite: "memory", contender: "map", reason: "a change is stored" }],
};

function accesses(suite: string, contender: string, rounds: number[]): Figure[] {
  return ["read", "change"].flatMap((work) => [
    figure(suite, contender, work, "µs", rounds),
    figure(suite, contender, work, "CPU µs", rounds),
  ]);
}

function figure(
  suite: string,
  contender: string,
  work: string,
  unit: Unit,
  rounds: number[],
): Figure {
  const atOnce = suite === "memory" ? 1 : 64;
  return { suite, contender, size: "0.6 KB", live: 10_000, work, atOnce, unit, rounds };
}
