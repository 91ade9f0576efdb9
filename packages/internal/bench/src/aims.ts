import type { Aim } from "./aims/aim.ts";
import { HTTP_AIMS } from "./aims/http.ts";
import { LEVEL_AIMS, SWEEP_AIMS } from "./aims/level.ts";
import { MEMORY_AIMS } from "./aims/memory.ts";
import { POSTGRES_AIMS, REDIS_AIMS } from "./aims/servers.ts";
import { Lookup } from "./lookup.ts";
import type { Written } from "./results.ts";
import { markdownTable } from "./tables.ts";

const AIMS: readonly Aim[] = [
  ...MEMORY_AIMS,
  ...HTTP_AIMS,
  ...LEVEL_AIMS,
  ...SWEEP_AIMS,
  ...REDIS_AIMS,
  ...POSTGRES_AIMS,
];

/** What we hold ourselves to, and what was measured: also where it was not reached. */
export function aimsTable(written: Pick<Written, "figures">): string {
  const lookup = new Lookup(written);
  const rows = AIMS.map((aim) => rowOf(aim, aim.measure(lookup)));
  return markdownTable(["work", "against", "aim", "measured", "reached"], rows);
}

function rowOf({ work, against, aim, sense, unit }: Aim, value: number | undefined): string[] {
  const bound = `${sense} ${text(aim, unit)}`;
  if (value === undefined) return [work, against, bound, "not measured", ""];
  const isReached = sense === "at least" ? value >= aim : value <= aim;
  return [work, against, bound, text(value, unit), isReached ? "yes" : "no"];
}

function text(value: number, unit: "ms" | undefined): string {
  const digits = Number(value.toPrecision(value < 1 ? 2 : 3));
  return unit === undefined ? `${digits}×` : `${digits} ${unit}`;
}
