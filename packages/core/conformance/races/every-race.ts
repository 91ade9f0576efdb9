import type { Capability } from "../harness/capability.ts";
import type { Case } from "../harness/clause.ts";
import { deleteRaces } from "./delete-races.ts";
import type { Races } from "./race.ts";
import { saveRaces } from "./save-races.ts";
import { sweepRaces, touchDuringSweepRaces } from "./sweep-races.ts";
import { touchRaces } from "./touch-races.ts";

/** Turns races into cases of one clause. */
export type RaceClause = <C extends Capability>(needs: readonly C[], races: Races<C>) => Case[];

/** Every race, as cases of one clause. */
export function everyRace(clause: RaceClause): Case[] {
  return [
    ...clause([], saveRaces),
    ...clause([], deleteRaces),
    ...clause(["touch"], touchRaces),
    ...clause(["sweep"], sweepRaces),
    ...clause(["sweep", "touch"], touchDuringSweepRaces),
  ];
}
