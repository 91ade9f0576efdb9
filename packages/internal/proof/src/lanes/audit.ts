import { SessionManager } from "@sess/core";
import { LevelStore } from "@sess/store-level";
import { realSessions } from "../oracle/real-sessions.ts";
import type { Crew, Log } from "./crew.ts";
import { oraclesAfter, oraclesBeyond } from "./expected.ts";
import { areSameOrphans, contentText, type LaneState, observe } from "./lane-state.ts";

/**
 * What must be there after a crash. `everything`: all that was acknowledged. `all but touches`: the same,
 * but sessions may expire earlier than they were told. `what ended`: no session whose end was
 * acknowledged; the others may be in any state that they were ever in.
 */
export type Promised = "everything" | "all but touches" | "what ended";

export interface Finding {
  /** What each lane has now, to go on from. */
  readonly lanes: readonly LaneState[];
  /** Each id that a lane ever had and that is dead now. */
  readonly ended: readonly string[];
  /** Sessions that are not in the state that was acknowledged last. */
  readonly lost: number;
  readonly orphans: number;
}

/**
 * Opens what a crew has left and compares it with what it reported. Rejects where a lane is in no state
 * that it may be in, and where an id of `ended` lives.
 */
export async function audit(
  location: string,
  crew: Crew,
  promised: Promised,
  ended: Iterable<string> = [],
): Promise<Finding> {
  const store = await LevelStore.open(location);
  await using manager = new SessionManager({ store, touchAfter: 0, sweepInterval: 0 });
  for (const id of ended) {
    if (await manager.load(id)) throw new Error("A session that had ended is back.");
  }
  const lanes: LaneState[] = [];
  const dead: string[] = [];
  let lost = 0;
  let orphans = 0;
  for (const [lane, log] of crew.logs.entries()) {
    const ids = idsOf(log);
    const observed = await observe(realSessions(manager), lane, ids);
    lost += await lostOf(lane, log, observed, promised);
    orphans += observed.orphans.length;
    // The messages were read, and the orphans ended.
    const live = [...observed.live].map(
      ([id, content]) => [id, { ...content, messages: [] }] as const,
    );
    lanes.push({ live: new Map(live), orphans: [] });
    dead.push(...ids.filter((id) => !observed.live.has(id)));
  }
  return { lanes, ended: dead, lost, orphans };
}

function idsOf({ base, done, underWay }: Log): string[] {
  const told = done.flatMap(({ deed, outcome }) => [deed.id, outcome.id ?? deed.id]);
  return [...new Set([...base.live.keys(), ...told, ...(underWay ? [underWay.id] : [])])];
}

/** How many acknowledged changes are lost. Rejects where more is missing than was promised. */
async function lostOf(lane: number, log: Log, observed: LaneState, promised: Promised) {
  const oracles = await oraclesAfter(lane, log);
  const [last] = oracles.slice(-1);
  if (last === undefined) throw new Error("There is no oracle.");
  const ids = idsOf(log);
  const look = (all: typeof oracles) =>
    Promise.all(all.map((each) => observe(each.copy(), lane, ids)));
  const newest = await look([last, ...(await oraclesBeyond(lane, log, last))]);
  const lost =
    promised === "what ended"
      ? lostButNoneBack(newest, await look(oracles), observed, ids)
      : newest.some((state) => isSame(observed, state, promised)) && 0;
  if (lost !== false) return lost;
  const story = {
    ...{ found: observed, acknowledged: newest[0] },
    ...{ deeds: log.done.slice(-5), underWay: log.underWay },
  };
  throw new Error(
    `lane ${lane} is in no state that it may be in: ${JSON.stringify(story, shortened)}`,
  );
}

function isSame(observed: LaneState, state: LaneState, promised: Promised): boolean {
  if (observed.live.size !== state.live.size || !areSameOrphans(observed, state)) return false;
  return [...state.live].every(([id, expected]) => {
    const found = observed.live.get(id);
    const isEarlier = Number(found?.expiresAt) < expected.expiresAt;
    return (
      contentText(found) === contentText(expected) && !(isEarlier && promised === "everything")
    );
  });
}

/** Each session may be in an earlier state than the newest ones, but not live again. */
function lostButNoneBack(
  newest: readonly LaneState[],
  earlier: readonly LaneState[],
  observed: LaneState,
  ids: readonly string[],
): number | false {
  const hasNoneOrKnown =
    observed.orphans.length === 0 || newest.some((state) => areSameOrphans(observed, state));
  if (!hasNoneOrKnown) return false;
  let lost = 0;
  for (const id of ids) {
    const found = observed.live.get(id);
    const isIn = ({ live }: LaneState) => contentText(live.get(id)) === contentText(found);
    if (newest.some(isIn)) continue;
    const hasEnded = newest[0]?.live.get(id) === undefined;
    if (hasEnded || !earlier.some(isIn)) return false;
    lost += 1;
  }
  return lost;
}

function shortened(_: string, value: unknown): unknown {
  if (value instanceof Map) return [...value];
  return typeof value === "string" && value.length > 50 ? `${value.slice(0, 20)}…` : value;
}
