import type { Store } from "@sess/core";
import { type StoreTestOptions, testStore } from "@sess/core/conformance";

type Test = StoreTestOptions["test"];

/** A runner of a few lines: runs the suite and gives back what failed, by the name of the case. */
export async function failuresOf<S extends Store>(
  options: (test: Test) => StoreTestOptions<S>,
): Promise<Map<string, unknown>> {
  const cases = new Map<string, () => Promise<void>>();
  testStore(options((name, run) => cases.set(name, run)));
  const failures = new Map<string, unknown>();
  for (const [name, run] of cases) await run().catch((failure) => failures.set(name, failure));
  return failures;
}

/** The clauses of these cases, each once. */
export function clausesOf(failures: ReadonlyMap<string, unknown>): string[] {
  return [...new Set([...failures.keys()].map((name) => name.replace(/:.*/s, "")))];
}
