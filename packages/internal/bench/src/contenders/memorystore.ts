import type { Contender } from "../contender.ts";
import { ExpressSessions } from "../express-sessions.ts";
import { memorystoreShelf } from "../memorystore-shelf.ts";

export const contender: Contender = {
  title: "memorystore",
  lacks: ["no check of revisions", "ids in plain", "a sweep blocks"],
  open: async ({ size }) => new ExpressSessions(memorystoreShelf(), size),
};
