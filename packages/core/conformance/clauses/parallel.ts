import type { Capability } from "../harness/capability.ts";
import { clause } from "../harness/clause.ts";
import { everyRace } from "../races/every-race.ts";
import type { Races } from "../races/race.ts";

/** The races within one store, as requests to one process cause them. */
export const parallel = everyRace(withinOneStore);

function withinOneStore<C extends Capability>(needs: readonly C[], races: Races<C>) {
  return Object.entries(races).flatMap(([rule, race]) =>
    clause("parallel", needs, { [rule]: (store, fixture) => race(store, store, fixture) }),
  );
}
