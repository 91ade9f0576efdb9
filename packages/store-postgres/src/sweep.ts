import type { Engine } from "./engine.ts";
import type { Statements } from "./statements.ts";

/** Rows that one statement removes: few enough not to hold their locks for long. */
const STEP = 1000;

/**
 * Removes what has expired and resolves to how many that were. It walks the index on expiry, so it
 * costs what is due and not what lives.
 */
export async function sweep(engine: Engine, statements: Statements): Promise<number> {
  for (let removed = 0; ; ) {
    const { length } = await engine.run(statements.sweep, [STEP]);
    removed += length;
    if (length < STEP) return removed;
  }
}
