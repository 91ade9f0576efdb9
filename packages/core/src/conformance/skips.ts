/** Says that a case was skipped: to the runner where it can take it, and once for each reason in print. */
export class Skips {
  readonly #printed = new Set<string>();

  /** `contexts`: what the runner called the test with, as `this` and as arguments. */
  report(name: string, reason: string, contexts: readonly unknown[]): void {
    if (!name.includes(reason) && !this.#printed.has(reason)) {
      this.#printed.add(reason);
      // biome-ignore lint/suspicious/noConsole: a test that shows nothing must not look like one that does
      console.log(`@sess/core/conformance: skipped, ${reason}`);
    }
    // node:test and vitest hand the means to skip to the test, mocha has it in `this`, jest has none.
    contexts.find(canSkip)?.skip(reason);
  }
}

function canSkip(context: unknown): context is { skip(reason: string): void } {
  return typeof Object(context).skip === "function";
}
