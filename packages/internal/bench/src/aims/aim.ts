import type { Lookup, Query } from "../lookup.ts";

/** One line of what we hold ourselves to. */
export interface Aim {
  readonly work: string;
  readonly against: string;
  readonly aim: number;
  /** Whether what is measured is to be at least or at most the aim. */
  readonly sense: "at least" | "at most";
  /** Of what is measured; none where it is a ratio. */
  readonly unit?: "ms";
  readonly measure: (lookup: Lookup) => number | undefined;
}

/** How many times as much the other takes as we do, at its worst over the numbers of sessions measured. */
export function times(ours: Query, theirs: Query): Aim["measure"] {
  return (lookup) => {
    const ratios = livesOf(lookup, ours).map((live) =>
      lookup.ratio({ ...theirs, live }, { ...ours, live }),
    );
    return least(ratios);
  };
}

/** What we take as a part of what the other takes, at its worst. */
export function share(ours: Query, theirs: Query): Aim["measure"] {
  const inverse = times(ours, theirs);
  return (lookup) => {
    const ratio = inverse(lookup);
    return ratio === undefined ? undefined : 1 / ratio;
  };
}

/** By how much an access gets dearer from few sessions to many, ours by theirs. */
export function growth(ours: Query, theirs: Query, few: number, many: number): Aim["measure"] {
  return (lookup) => {
    const own = lookup.ratio({ ...ours, live: many }, { ...ours, live: few });
    const other = lookup.ratio({ ...theirs, live: many }, { ...theirs, live: few });
    return own === undefined || other === undefined ? undefined : own / other;
  };
}

/** The least of all that were measured. */
export function least(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}

function livesOf(lookup: Lookup, query: Query): number[] {
  return [...new Set(lookup.all(query).map(({ live }) => live))];
}
