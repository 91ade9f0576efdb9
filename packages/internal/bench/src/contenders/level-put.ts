import { ClassicLevel } from "classic-level";
import type { Contender } from "../contender.ts";
import { TextSessions } from "../text-sessions.ts";

export const contender: Contender = {
  title: "classic-level, get and a synced put each",
  lacks: ["no session at all: a limit", "no check of revisions", "ids in plain"],
  open: async ({ size, directory }) => {
    const db = new ClassicLevel<string, string>(directory);
    await db.open();
    const set = (id: string, text: string) => db.put(id, text, { sync: true });
    return new TextSessions(
      {
        get: (id) => db.get(id),
        set,
        add: set,
        put: (entries) =>
          db.batch(entries.map(([key, value]) => ({ type: "put", key, value }) as const)),
        close: () => db.close(),
      },
      size,
    );
  },
};
