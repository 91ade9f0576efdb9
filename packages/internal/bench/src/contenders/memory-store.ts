import type { Contender } from "../contender.ts";
import { ExpressSessions } from "../express-sessions.ts";
import { memoryShelf } from "../memory-shelf.ts";

export const contender: Contender = {
  title: "express-session's MemoryStore",
  lacks: ["no check of revisions", "ids in plain", "expired sessions stay until read"],
  open: async ({ size }) => new ExpressSessions(memoryShelf(), size),
};
