import { MemoryStore } from "@sess/store-memory";
import type { Contender } from "../contender.ts";
import { ManagerSessions } from "../manager-sessions.ts";

export const contender: Contender = {
  title: "@sess manager and MemoryStore",
  lacks: [],
  open: async ({ size }) => new ManagerSessions(new MemoryStore(), size),
};
