import { randomUUID } from "node:crypto";
import { afterAll } from "@jest/globals";
import { RedisStore } from "@sess/store-redis";
import { missingRedis, openRedis } from "@sess/test-servers";
import { createClient } from "redis";
import type { StoreKind } from "./store-kind.ts";

const REMOVE = "for _, key in ipairs(redis.call('KEYS', ARGV[1])) do redis.call('UNLINK', key) end";

/** One server for all runs of a file; each place has a prefix of its own. */
export function redis(): StoreKind {
  const missing = missingRedis();
  const prefix = `sess-proof:${randomUUID()}:`;
  let server: ReturnType<typeof connect> | undefined;
  let places = 0;
  afterAll(async () => {
    const { client, stop } = (await server) ?? {};
    // By the clock of these tests, sessions may live for days.
    await client?.eval(REMOVE, { arguments: [`${prefix}*`] });
    client?.destroy();
    await stop?.();
  });
  return {
    name: "Redis",
    keeps: true,
    sharesClock: false,
    sweeps: false,
    isShared: true,
    share: 0.03,
    missing: () => missing,
    async place() {
      server ??= connect();
      const { client } = await server;
      places += 1;
      const options = { prefix: `${prefix}${places}:` };
      return { open: async () => new RedisStore(client, options) };
    },
  };
}

async function connect() {
  const { url, stop } = await openRedis();
  const client = createClient({ url });
  await client.connect();
  return { client, stop };
}
