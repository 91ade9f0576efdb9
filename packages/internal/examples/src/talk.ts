import type { SessionManager } from "@sess/core";

/** What a talk's session holds. */
export interface Talk {
  lines: number;
}

/**
 * One connection, whatever carries it: the client's first line is its session's id, or empty. The
 * session outlives the connection, and each line asks for it anew, so that one that was ended
 * elsewhere ends here too.
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
      // The client's secret: in earnest the connection is encrypted.
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
