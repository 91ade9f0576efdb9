import { MemoryStore } from "@sess/store-memory";
import type { Contender } from "../contender.ts";
import { ManagerPath } from "../manager-path.ts";

export const contender: Contender = {
  title: "@sess, MemoryStore",
  lacks: [],
  open: async ({ size }) => new ManagerPath(new MemoryStore(), size),
};
