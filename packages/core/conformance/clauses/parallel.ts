import type { Capability } from "../harness/capability.ts";
import { type About, clause } from "../harness/clause.ts";
import { everyRace } from "../races/every-race.ts";
import type { Races } from "../races/race.ts";

/** The races within one store, as requests to one process cause them. */
export const parallel = everyRace(withinOneStore);

function withinOneStore<C extends Capability>(about: About<C>, races: Races<C>) {
  return Object.entries(races).flatMap(([rule, race]) =>
    clause("parallel", about, { [rule]: (store, fixture) => race(store, store, fixture) }),
  );
}
