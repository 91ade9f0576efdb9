import { createFsSessionStorage } from "@remix-run/session/fs-storage";
import type { Contender } from "../contender.ts";
import { RemixSessions } from "../remix-sessions.ts";

export const contender: Contender = {
  title: "@remix-run/session, files",
  lacks: ["not synced", "torn reads", "parallel changes are lost", "nothing expires"],
  open: async ({ size, directory }) => new RemixSessions(createFsSessionStorage(directory), size),
};
