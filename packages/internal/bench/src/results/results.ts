import { median } from "simple-statistics";
import type { Measured } from "../measuring/job.ts";

/** What was measured of whom, with one value for each round. */
export interface Figure extends Pick<Measured, "access" | "atOnce" | "unit"> {
  readonly suite: string;
  readonly contender: string;
  readonly size: string;
  readonly sessions: number;
  readonly rounds: number[];
}

/** What was not measured, and why. */
export interface Absence {
  readonly suite: string;
  readonly contender: string;
  readonly reason: string;
  /** Whether something went wrong, most likely a proof. Otherwise this machine lacks something. */
  readonly isFailure: boolean;
}

/** Which figure is meant. */
export type Query = Omit<Figure, "rounds">;

/** All that a run has measured. */
export class Results {
  readonly absences: Absence[] = [];
  readonly #figures = new Map<string, Figure>();

  get figures(): Figure[] {
    return [...this.#figures.values()];
  }

  /** Adds what one round has measured of a contender. */
  add(place: Omit<Query, keyof Measured>, measured: readonly Measured[]): void {
    for (const { value, ...what } of measured) {
      const { suite, contender, size, sessions } = place;
      const query = { suite, contender, size, sessions, ...what };
      const figure = this.#figures.get(keyOf(query)) ?? { ...query, rounds: [] };
      this.#figures.set(keyOf(query), figure);
      // The noise leaves fewer digits than four.
      figure.rounds.push(Number(value.toPrecision(4)));
    }
  }

  /**
   * The median over the rounds, without the framework's own share. Undefined where nothing was measured, or where the
   * framework's share is all.
   */
  netMedian(query: Query): number | undefined {
    const whole = this.#median(query);
    if (whole === undefined) return undefined;
    const bare = { ...query, access: "bare" } as const;
    const share = this.#median(bare) ?? this.#median({ ...bare, atOnce: 1 }) ?? 0;
    return whole > share ? whole - share : undefined;
  }

  #median(query: Query): number | undefined {
    const figure = this.#figures.get(keyOf(query));
    return figure && median(figure.rounds);
  }
}

function keyOf({ suite, contender, size, sessions, access, atOnce, unit }: Query): string {
  return [suite, contender, size, sessions, access, atOnce, unit].join();
}

/** 1,234,567 as 1.23M, 15,240 as 15.2K. */
export const SHORT = new Intl.NumberFormat("en", {
  notation: "compact",
  maximumSignificantDigits: 3,
});
