import type { Random } from "./random.ts";
import type { Records } from "./records.ts";
import type { Settings } from "./settings.ts";

/** What a manager's sessions share. */
export interface Environment extends Settings {
  readonly random: Random;
  readonly records: Records;
}
