import type { Trace } from "./diagnostics.ts";
import type { Random } from "./random.ts";
import type { Records } from "./records.ts";
import type { Settings } from "./settings.ts";

/** What a manager's sessions share. */
export interface Environment {
  readonly settings: Settings;
  readonly random: Random;
  readonly records: Records;
  readonly trace: Trace;
}
