import type { Sessions } from "../oracle/subject.ts";
import { ownerOf } from "./deed.ts";

/** What a session holds. */
interface Content {
  readonly text: string;
  readonly count: number;
  readonly messages: readonly unknown[];
  readonly expiresAt: number;
}

/** The sessions of one lane. */
export interface LaneState {
  readonly live: ReadonlyMap<string, Content>;
  /** Under ids that nobody was told, left by a regenerate that was never acknowledged. */
  readonly orphans: readonly Content[];
}

export function emptyLanes(count: number): readonly LaneState[] {
  return Array.from({ length: count }, () => ({ live: new Map(), orphans: [] }));
}

/**
 * What a lane has: under each id that it ever had, and under other ids of its owner. Reads the messages
 * and ends the orphans, so that the next round starts from what it knows.
 */
export async function observe(
  sessions: Sessions,
  lane: number,
  ids: readonly string[],
): Promise<LaneState> {
  const live = new Map<string, Content>();
  const handles = new Set<string>();
  for (const id of ids) {
    const session = await sessions.load(id);
    if (session === undefined) continue;
    const expiresAt = +session.expiresAt;
    live.set(id, { ...valuesOf(session), expiresAt, messages: await session.takeFlash("note") });
    handles.add(session.handle);
  }
  const orphans: Content[] = [];
  for (const found of await sessions.list(ownerOf(lane))) {
    if (handles.delete(found.handle)) continue;
    orphans.push({ ...valuesOf(found), messages: [], expiresAt: +found.expiresAt });
    await sessions.revoke(found.handle);
  }
  if (handles.size > 0) throw new Error(`lane ${lane}: a live session is not in its owner's list`);
  return { live, orphans };
}

function valuesOf(holder: { get(key: string): unknown }) {
  return { text: String(holder.get("text")), count: Number(holder.get("count")) };
}

/** The messages of orphans cannot be seen. */
export function areSameOrphans(one: LaneState, other: LaneState): boolean {
  return (
    JSON.stringify(one.orphans.map(contentText)) === JSON.stringify(other.orphans.map(contentText))
  );
}

export function contentText(content: Content | undefined): string | undefined {
  return content && JSON.stringify([content.text, content.count, content.messages]);
}
