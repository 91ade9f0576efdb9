/** Pseudo-random numbers (mulberry32). The same seed gives the same ones, so that a run can be repeated. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A whole number from 0 up to, but not including, `end`. */
  below(end: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * end);
  }

  pick<Item>(items: readonly Item[]): Item {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new Error("There is nothing to pick from.");
    return item;
  }

  /** Letters and digits, which LevelDB can hardly compress. */
  text(length: number): string {
    let text = "";
    while (text.length < length) text += this.below(36 ** 5).toString(36);
    return text.slice(0, length);
  }
}

/** A seed for a run that is to differ from the last one. Print it with a failure. */
export function newSeed(): number {
  return 1 + Math.floor(Math.random() * 2 ** 31);
}
