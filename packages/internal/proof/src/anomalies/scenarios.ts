import type { StoreKind } from "../stores.ts";
import { endingScenarios } from "./ending.ts";
import { flashingScenarios } from "./flashing.ts";
import { lastingScenarios, sweeping } from "./lasting.ts";
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

/** Those that a kind of store takes part in: where the engine removes what expired, no sweep asks it to. */
export function scenariosOf({ sweeps }: StoreKind): readonly Scenario[] {
  return scenarios.filter((each) => sweeps || each !== sweeping);
}
