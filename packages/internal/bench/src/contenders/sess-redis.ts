import { RedisStore } from "@sess/store-redis";
import type { Contender } from "../contender.ts";
import { ManagerSessions } from "../manager-sessions.ts";
import { openClient } from "../redis-client.ts";

const PREFIX = `bench-sess-${process.pid}:`;

export const contender: Contender = {
  title: "@sess RedisStore",
  lacks: [],
  open: async ({ size, url }) => {
    const { client, close } = await openClient(url, PREFIX);
    return new ManagerSessions(new RedisStore(client, { prefix: PREFIX }), size, close);
  },
};
