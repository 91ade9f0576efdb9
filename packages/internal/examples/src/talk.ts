import type { SessionManager } from "@sess/core";

/** What the session of a conversation holds. */
export interface Talk {
  lines: number;
}

/**
 * One connection, over any transport. The client's first line is the id of its session, or empty. The
 * session outlives the connection. Each line loads it again, so one that was ended elsewhere ends here.
 */
export async function talk(
  sessions: SessionManager<Talk>,
  lines: AsyncIterable<string>,
  say: (line: string) => void,
): Promise<void> {
  let id: string | undefined;
  for await (const line of lines) {
    if (id === undefined) {
      id = await begin(sessions, line);
      // The id is a secret: use an encrypted connection.
      say(`session ${id}`);
      continue;
    }
    const session = await sessions.update(id, (fresh) => {
      fresh.set("lines", (fresh.get("lines") ?? 0) + 1);
    });
    if (session === undefined) return say("ended");
    say(`${session.get("lines")} so far`);
  }
}

async function begin(sessions: SessionManager<Talk>, id: string): Promise<string> {
  const session = await sessions.open(id);
  if (session.isNew) session.set("lines", 0);
  await session.save();
  return session.id;
}
