import type { Contender } from "../contender.ts";
import { ExpressPath } from "../express-path.ts";
import { memoryShelf } from "../memory-shelf.ts";

export const contender: Contender = {
  title: "express-session, MemoryStore",
  lacks: ["parallel changes are lost", "a late save revives", "ids in plain"],
  open: async ({ size }) => new ExpressPath(memoryShelf(), size),
};
