import type { Capability } from "../harness/capability.ts";
import type { About, Case } from "../harness/clause.ts";
import { deleteRaces } from "./delete-races.ts";
import { expiredRaces, listExpiredRaces, touchExpiredRaces } from "./expired-races.ts";
import type { Races } from "./race.ts";
import { saveRaces } from "./save-races.ts";
import { sweepRaces, touchDuringSweepRaces } from "./sweep-races.ts";
import { touchRaces } from "./touch-races.ts";

/** Turns races into cases of one clause. */
export type RaceClause = <C extends Capability = never>(about: About<C>, races: Races<C>) => Case[];

/** Every race, as cases of one clause. */
export function everyRace(clause: RaceClause): Case[] {
  return [
    ...clause({ sentence: 9 }, saveRaces),
    ...clause({ sentence: 12 }, deleteRaces),
    ...clause({ sentence: 10 }, expiredRaces),
    ...clause({ sentence: 10, needs: ["list"] }, listExpiredRaces),
    ...clause({ sentence: 10, needs: ["touch"] }, touchExpiredRaces),
    ...clause({ sentence: 13, needs: ["touch"] }, touchRaces),
    ...clause({ sentence: 16, needs: ["sweep"] }, sweepRaces),
    ...clause({ sentence: 16, needs: ["sweep", "touch"] }, touchDuringSweepRaces),
  ];
}
