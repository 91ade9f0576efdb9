import { createMemorySessionStorage } from "@remix-run/session/memory-storage";
import type { Contender } from "../contender.ts";
import { RemixSessions } from "../remix-sessions.ts";

export const contender: Contender = {
  title: "@remix-run/session, memory",
  lacks: ["values are shared, not copied", "parallel changes are lost", "nothing expires"],
  open: async ({ size }) => new RemixSessions(createMemorySessionStorage(), size),
};
