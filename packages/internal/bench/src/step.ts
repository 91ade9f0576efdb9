import type { Results } from "./results.ts";

/** A part of a run that shows in its progress. */
export interface Step {
  readonly title: string;
  run(results: Results): Promise<void>;
}

/** What a suite is told. */
export interface Effort {
  /** The program that measures. */
  readonly program: string;
  readonly rounds: number;
  /** How long each kind of access is measured at least, in ms. */
  readonly time: number;
  /** By how much numbers of sessions are divided, for a look whether all works. */
  readonly divisor: number;
  /** Only these contenders; all where it is empty. */
  readonly contenders: readonly string[];
}
