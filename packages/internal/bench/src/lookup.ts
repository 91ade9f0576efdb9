import type { Figure, Written } from "./results.ts";
import { median } from "./statistics.ts";

/** Which figures are meant; what is left out may be anything. */
export type Query = Partial<Omit<Figure, "rounds">>;

/** Finds figures in results. */
export class Lookup {
  readonly #figures: readonly Figure[];

  constructor({ figures }: Pick<Written, "figures">) {
    this.#figures = figures;
  }

  all(query: Query): Figure[] {
    const wanted = Object.entries(query);
    return this.#figures.filter((figure) => {
      const has = new Map<string, unknown>(Object.entries(figure));
      return wanted.every(([key, value]) => has.get(key) === value);
    });
  }

  /** The median of one figure; undefined where it was not measured. */
  one(query: Query): number | undefined {
    const [figure] = this.all(query);
    return figure && median(figure.rounds);
  }

  /** The median without what the framework around the contender takes for the same request. */
  net(query: Query): number | undefined {
    const whole = this.one(query);
    const bare = this.one({ ...query, work: "bare", atOnce: 1 });
    return whole !== undefined && bare !== undefined ? whole - bare : whole;
  }

  /** `of` divided by `by`, as medians; undefined where one is missing. */
  ratio(of: Query, by: Query): number | undefined {
    const [one, other] = [this.net(of), this.net(by)];
    return one === undefined || other === undefined ? undefined : one / other;
  }
}
