import { SessionManager } from "@sess/core";
import { LevelStore } from "@sess/store-level";
import type { Crew } from "./crew.ts";
import type { LaneState } from "./lane-state.ts";
import { observe } from "./observed.ts";
import type { Messages, Values } from "./operation.ts";
import { type Promised, verdict } from "./verdict.ts";

/** What an audit found. */
export interface Finding {
  /** Of each lane, to go on from. */
  readonly lanes: readonly LaneState[];
  /** Sessions that are not in the state which was last acknowledged. */
  readonly lost: number;
  /** Sessions under an id that nobody knows, which a regenerate under way left. */
  readonly orphans: number;
}

/**
 * Opens what a crew left and compares. Throws where a lane is in no state that it may be in. `ended`
 * are ids that earlier rounds left dead: none of them may be back.
 */
export async function audit(
  location: string,
  crew: Crew,
  promised: Promised,
  ended: Iterable<string> = [],
): Promise<Finding> {
  const store = await LevelStore.open(location);
  const settings = { store, touchAfter: 0, sweepInterval: 0 };
  await using sessions = new SessionManager<Values, Messages>(settings);
  for (const id of ended) {
    if (await sessions.load(id)) throw new Error("a session that had ended is back");
  }
  const lanes: LaneState[] = [];
  let lost = 0;
  let orphans = 0;
  for (const [lane, history] of crew.histories.entries()) {
    const observed = await observe(sessions, lane, history.ids);
    const missing = verdict(history, observed, promised);
    if (missing === undefined) throw mismatch(lane, history, observed);
    lost += missing;
    orphans += observed.orphans.length;
    lanes.push(withoutMessages(observed));
  }
  return { lanes, lost, orphans };
}

/** Those that nobody knows were ended, the messages read. */
function withoutMessages({ live }: LaneState): LaneState {
  const emptied = [...live].map(([id, state]) => [id, { ...state, messages: [] }] as const);
  return { live: new Map(emptied), orphans: [] };
}

function mismatch(lane: number, history: Crew["histories"][number], observed: LaneState): Error {
  const show = (state: LaneState) =>
    JSON.stringify({ live: [...state.live], orphans: state.orphans }, shortened);
  const story = [
    `lane ${lane} is in no state that it may be in.`,
    `found: ${show(observed)}`,
    `acknowledged: ${show(history.newest)}`,
    `last operations: ${JSON.stringify(history.operations.slice(-5), shortened)}`,
    `under way: ${JSON.stringify(history.underWay, shortened)}`,
  ];
  return new Error(story.join("\n"));
}

function shortened(_: string, value: unknown): unknown {
  return typeof value === "string" && value.length > 50 ? `${value.slice(0, 20)}…` : value;
}
