import { readFile } from "node:fs/promises";
import type { Measured, Unit } from "./job.ts";
import type { Machine } from "./machine.ts";

/** What was measured of whom, and how often. */
export interface Figure {
  readonly suite: string;
  readonly contender: string;
  readonly size: string;
  readonly live: number;
  readonly work: string;
  readonly atOnce: number;
  readonly unit: Unit;
  /** One number for each round. */
  readonly rounds: number[];
}

export interface Entrant {
  readonly title: string;
  readonly lacks: readonly string[];
}

/** What could not be measured, and why. */
export interface Absence {
  readonly suite: string;
  readonly contender: string;
  readonly reason: string;
}

export interface Written {
  readonly date: string;
  readonly machine: Machine;
  readonly entrants: Record<string, Entrant>;
  readonly figures: readonly Figure[];
  readonly absences: readonly Absence[];
}

/** Where a figure belongs: what all rounds of it have in common. */
export type Place = Pick<Figure, "suite" | "contender" | "size" | "live">;

/** All that was measured, kept in a file. */
export class Results {
  readonly entrants: Record<string, Entrant> = {};
  readonly figures: Figure[] = [];
  readonly absences: Absence[] = [];
  hasFailed = false;

  /** The results of an earlier run, without those of the suites that are run again. */
  static async before(path: string, suites: readonly string[]): Promise<Results> {
    const results = new Results();
    const text = await readFile(path, "utf8").catch(() => undefined);
    if (text === undefined) return results;
    const written: Written = JSON.parse(text);
    const stays = ({ suite }: { suite: string }) => !suites.includes(suite);
    Object.assign(results.entrants, written.entrants);
    results.figures.push(...written.figures.filter(stays));
    results.absences.push(...written.absences.filter(stays));
    return results;
  }

  add(place: Place, measured: readonly Measured[]): void {
    for (const { value, ...what } of measured) {
      const found = this.figures.find((figure) => same(figure, { ...place, ...what }));
      if (found) found.rounds.push(round(value));
      else this.figures.push({ ...place, ...what, rounds: [round(value)] });
    }
  }

  /** Something went wrong, most likely a check of what is read back. */
  fail(absence: Absence): void {
    this.hasFailed = true;
    this.absences.push(absence);
  }

  /** Cannot be measured here. */
  skip(absence: Absence): void {
    this.absences.push(absence);
  }

  written(machine: Machine): Written {
    const { entrants, figures, absences } = this;
    const date = new Date().toISOString().slice(0, 10);
    return { date, machine, entrants, figures, absences };
  }
}

/** JSON with one line for each figure, so that a diff shows what has moved. */
export function textOf({ figures, absences, ...rest }: Written): string {
  const list = (items: readonly object[]) =>
    items.map((item) => `\n    ${JSON.stringify(item)}`).join();
  const head = JSON.stringify(rest, null, 2).slice(0, -2);
  return `${head},\n  "figures": [${list(figures)}\n  ],\n  "absences": [${list(absences)}\n  ]\n}\n`;
}

type What = Omit<Figure, "rounds">;

function same(one: What, other: What): boolean {
  const keys = ["suite", "contender", "size", "live", "work", "atOnce", "unit"] as const;
  return keys.every((key) => one[key] === other[key]);
}

/** Four digits tell more than the noise leaves. */
function round(value: number): number {
  return Number(value.toPrecision(4));
}
