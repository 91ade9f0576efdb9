import { writeFileSync } from "node:fs";
import { join } from "node:path";
import session from "express-session";
import createStore from "session-file-store";
import type { Contender } from "../contender.ts";
import { DAY } from "../exchange.ts";
import { ExpressSessions } from "../express-sessions.ts";

export const contender: Contender = {
  title: "session-file-store",
  lacks: ["no check of revisions", "ids in plain", "a miss waits for retries"],
  open: async ({ size, directory }) => {
    const FileStore = createStore(session);
    const shelf = {
      store: new FileStore({
        path: directory,
        ttl: DAY / 1000,
        reapInterval: -1,
        logFn: () => {},
      }),
      extra: { __lastAccess: Date.now() },
      put: (entries: readonly (readonly [string, string])[]) => {
        for (const [id, text] of entries) writeFileSync(join(directory, `${id}.json`), text);
      },
    };
    return new ExpressSessions(shelf, size);
  },
};
