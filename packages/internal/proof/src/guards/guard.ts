/** A place in the source that keeps a promise, and the tests that notice when it is gone. */
export interface Guard {
  /** What goes wrong without it, as a sentence. */
  readonly without: string;
  /** From the root of the repository. */
  readonly file: string;
  /** The guard's text, found once in the file. */
  readonly text: string;
  /** What stands there once it is gone. */
  readonly instead: string;
  /** Paths of tests, or parts of them: at least one must go red. */
  readonly tests: readonly string[];
}

/** Guards of one file. `changes`: each with what goes wrong, the guard's text, and the text without it. */
export function guardsOf(
  file: string,
  tests: readonly string[],
  changes: readonly (readonly [without: string, text: string, instead: string])[],
): Guard[] {
  return changes.map(([without, text, instead]) => ({ without, file, text, instead, tests }));
}
