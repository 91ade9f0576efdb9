import { type Capability, clause } from "./clause.ts";
import { deleteRaces, type Races, saveRaces } from "./races.ts";
import { refreshRaces, sweepRaces } from "./races-of-sweep.ts";
import { touchRaces } from "./races-of-touch.ts";

/** The races within one store, as the requests of one process run them. */
export const parallel = [
  ...within([], saveRaces),
  ...within([], deleteRaces),
  ...within(["touch"], touchRaces),
  ...within(["sweep"], sweepRaces),
  ...within(["sweep", "touch"], refreshRaces),
];

function within<C extends Capability>(needs: readonly C[], races: Races<C>) {
  return Object.entries(races).flatMap(([sentence, race]) =>
    clause("parallel", needs, { [sentence]: (store, lab) => race(store, store, lab) }),
  );
}
