import type { History } from "./history.ts";
import type { LaneState, SessionState } from "./lane-state.ts";

/**
 * What must be there after a crash. `everything`: all that was acknowledged. `all but touches`: the
 * same, but sessions may expire earlier than they were told. `what ended`: sessions whose end was
 * acknowledged are gone; of the others any state that they were ever in may be found.
 */
export type Promised = "everything" | "all but touches" | "what ended";

/** How many acknowledged changes are lost, or undefined where what is there is not what may be. */
export function verdict(
  history: History,
  observed: LaneState,
  promised: Promised,
): number | undefined {
  if (promised === "what ended") return lostButNoneBack(history, observed);
  const touches = promised === "everything";
  const isThere = (state: LaneState) => isSame(observed, state, touches);
  return [history.newest, ...history.beyond].some(isThere) ? 0 : undefined;
}

function isSame(observed: LaneState, state: LaneState, touches: boolean): boolean {
  if (observed.live.size !== state.live.size) return false;
  for (const [id, expected] of state.live) {
    const found = observed.live.get(id);
    if (found === undefined || contentOf(found) !== contentOf(expected)) return false;
    if (touches && found.expiresAt < expected.expiresAt) return false;
  }
  return areOrphans(observed, state);
}

function lostButNoneBack(history: History, observed: LaneState): number | undefined {
  const newest = [history.newest, ...history.beyond];
  if (!newest.some((state) => observed.orphans.length === 0 || areOrphans(observed, state))) {
    return undefined;
  }
  let lost = 0;
  for (const id of history.ids) {
    const found = contentOf(observed.live.get(id));
    const isIn = (state: LaneState) => contentOf(state.live.get(id)) === found;
    if (newest.some(isIn)) continue;
    if (history.hasEnded(id) || !history.states.some(isIn)) return undefined;
    lost += 1;
  }
  return lost;
}

/** Those whose id nobody knows: their messages cannot be seen in a list. */
function areOrphans({ orphans }: LaneState, state: LaneState): boolean {
  const values = (session: SessionState) => `${session.count} ${session.text}`;
  return JSON.stringify(orphans.map(values)) === JSON.stringify(state.orphans.map(values));
}

function contentOf(session: SessionState | undefined): string | undefined {
  return session && JSON.stringify([session.text, session.count, session.messages]);
}
