import { endingScenarios } from "./ending.ts";
import { flashingScenarios } from "./flashing.ts";
import { lastingScenarios } from "./lasting.ts";
import { readingScenarios } from "./reading.ts";
import { regeneratingScenarios } from "./regenerating.ts";
import { requestScenarios } from "./requests.ts";
import { savingScenarios } from "./saving.ts";
import type { Scenario } from "./scenario.ts";

/** Everything that a manager and a session do with a store, alone and as the requests of a day. */
export const scenarios: readonly Scenario[] = [
  ...savingScenarios,
  ...flashingScenarios,
  ...readingScenarios,
  ...regeneratingScenarios,
  ...endingScenarios,
  ...lastingScenarios,
  ...requestScenarios,
];
