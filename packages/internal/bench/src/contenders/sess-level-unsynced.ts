import { LevelStore } from "@sess/store-level";
import type { Contender } from "../contender.ts";
import { ManagerSessions } from "../manager-sessions.ts";

export const contender: Contender = {
  title: "@sess LevelStore, sync: false",
  lacks: ["saves may be lost with the machine"],
  open: async ({ size, directory }) =>
    new ManagerSessions(await LevelStore.open(directory, { sync: false }), size),
};
