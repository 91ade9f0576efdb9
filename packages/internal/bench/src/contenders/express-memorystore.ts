import type { Contender } from "../contender.ts";
import { ExpressPath } from "../express-path.ts";
import { memorystoreShelf } from "../memorystore-shelf.ts";

export const contender: Contender = {
  title: "express-session, memorystore",
  lacks: ["parallel changes are lost", "a late save revives", "ids in plain", "a sweep blocks"],
  open: async ({ size }) => new ExpressPath(memorystoreShelf(), size),
};
