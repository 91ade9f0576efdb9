import type { SessionManager } from "@sess/core";
import type { LaneState, SessionState } from "./lane-state.ts";
import { type Messages, ownerOf, type Values } from "./operation.ts";

type Sessions = SessionManager<Values, Messages>;

/**
 * What is there of one lane: under each id that it ever had, and under other ids by its owner. Reads
 * the messages away and ends what nobody has the id of, so that the next round starts from what it
 * knows.
 */
export async function observe(
  sessions: Sessions,
  lane: number,
  ids: Iterable<string>,
): Promise<LaneState> {
  const live = new Map<string, SessionState>();
  const handles = new Set<string>();
  for (const id of ids) {
    const session = await sessions.load(id);
    if (session === undefined) continue;
    const { text = "", count = -1 } = { text: session.get("text"), count: session.get("count") };
    const expiresAt = session.expiresAt.getTime();
    live.set(id, { text, count, messages: await session.takeFlash("note"), expiresAt });
    handles.add(session.handle);
  }
  const orphans: SessionState[] = [];
  for await (const found of sessions.list(ownerOf(lane))) {
    if (handles.delete(found.handle)) continue;
    const { text = "", count = -1 } = { text: found.get("text"), count: found.get("count") };
    orphans.push({ text, count, messages: [], expiresAt: found.expiresAt.getTime() });
    await sessions.revoke(found.handle);
  }
  if (handles.size > 0) throw new Error(`lane ${lane}: a live session is not in its owner's list`);
  return { live, orphans };
}
