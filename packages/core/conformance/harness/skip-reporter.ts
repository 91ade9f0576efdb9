import { isObject } from "../../src/adapter/objects.ts";

/** Makes a skipped case visible: in the runner's report if it can skip, and once per reason in print. */
export class SkipReporter {
  readonly #printed = new Set<string>();

  /** @param contexts what the runner called the test with: `this` and the arguments */
  report(name: string, reason: string, contexts: readonly unknown[]): void {
    if (!name.includes(reason) && !this.#printed.has(reason)) {
      this.#printed.add(reason);
      // biome-ignore lint/suspicious/noConsole: a test that checked nothing must not pass in silence
      console.log(`@sess/core/conformance: skipped, ${reason}`);
    }
    // node:test and vitest pass a context that can skip, mocha has it as `this`, jest has none.
    contexts.find(canSkip)?.skip(reason);
  }
}

function canSkip(context: unknown): context is { skip(reason: string): void } {
  return isObject(context) && typeof context["skip"] === "function";
}
