import session from "express-session";
import { Level } from "level";
import createStore from "level-session-store";
import type { Contender } from "../contender.ts";
import { ExpressSessions } from "../express-sessions.ts";

export const contender: Contender = {
  title: "level-session-store (level 8)",
  lacks: ["not synced", "no check of revisions", "ids in plain", "nothing expires"],
  open: async ({ size, directory }) => {
    const db = new Level<string, string>(directory);
    await db.open();
    // What the store itself writes when it opens a database of level 6: it fails without.
    await db.put("_session/__length__", "0");
    const LevelSessionStore = createStore(session);
    const shelf = {
      store: new LevelSessionStore(db),
      put: (entries: readonly (readonly [string, string])[]) =>
        db.batch(
          entries.map(([id, value]) => ({ type: "put", key: `_session/${id}`, value }) as const),
        ),
      close: () => db.close(),
    };
    return new ExpressSessions(shelf, size);
  },
};
