import { anomalyLoop, type Plan } from "./anomaly-loop.ts";
import type { Scenario } from "./scenario.ts";
import type { Surroundings } from "./world.ts";

/** Every plan carried out on a scenario: in how many runs. Rejects with the first thing that went wrong. */
export async function attack(
  surroundings: Surroundings,
  scenario: Scenario,
  plans: readonly Plan[],
): Promise<number> {
  let runs = 0;
  for (const plan of plans) runs += await anomalyLoop(surroundings, scenario, plan);
  // A rejection that nobody handled is noticed a turn later, and fails the test that it belongs to.
  await new Promise((go) => setImmediate(go));
  return runs;
}
