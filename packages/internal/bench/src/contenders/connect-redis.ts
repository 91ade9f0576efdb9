import { RedisStore } from "connect-redis";
import type { Contender } from "../contender.ts";
import { DAY } from "../exchange.ts";
import { ExpressSessions } from "../express-sessions.ts";
import { openClient } from "../redis-client.ts";

/** Its expiry is in whole seconds: by less, an extension could not be told. */
const MINUTE = 60_000;

const PREFIX = `bench-connect-${process.pid}:`;

export const contender: Contender = {
  title: "connect-redis",
  lacks: ["no check of revisions", "ids in plain"],
  open: async ({ size, url }) => {
    const { client, close } = await openClient(url, PREFIX);
    const shelf = {
      store: new RedisStore({ client, prefix: PREFIX, ttl: DAY / 1000 }),
      put: (entries: readonly (readonly [string, string])[]) =>
        Promise.all(
          entries.map(([id, text]) => client.set(PREFIX + id, text, { PX: DAY - MINUTE })),
        ),
      expiry: async (id: string) => Date.now() + (await client.pTTL(PREFIX + id)),
      close,
    };
    return new ExpressSessions(shelf, size);
  },
};
