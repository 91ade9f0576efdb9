import { beforeAll, describe, test } from "@jest/globals";
import { testStore } from "@sess/core/conformance";
import {
  fromIoredis,
  type RedisClient,
  type RedisClusterClient,
  type RedisStore,
} from "@sess/store-redis";
import { missingRedis, openRedis, orSkip } from "@sess/test-servers";
import { afterTests } from "@sess/test-support";
import { Redis as Valkey } from "iovalkey";
import { connected, newPrefix, newStore } from "./support/stores.ts";

const prefixes = new WeakMap<RedisStore, string>();
let client: RedisClient;
let another: RedisClient | RedisClusterClient;

beforeAll(async () => {
  const { url, stop } = await openRedis();
  afterTests(stop);
  client = await connected(url);
  const valkey = new Valkey(url);
  afterTests(() => valkey.disconnect());
  another = fromIoredis(valkey);
});

function open(over: RedisClient | RedisClusterClient, prefix = newPrefix()): RedisStore {
  const store = newStore(over, prefix);
  prefixes.set(store, prefix);
  return store;
}

/** Cuts the last character off. */
async function damage(store: RedisStore, handle: string): Promise<void> {
  const key = `${prefixes.get(store)}${handle}`;
  const text = String(await client.sendCommand(["GET", key]));
  await client.sendCommand(["SET", key, text.slice(0, -1), "KEEPTTL"]);
}

orSkip(describe, missingRedis())("on one server, with two kinds of client", () => {
  testStore({
    test,
    damage,
    createStore: () => open(client),
    connect: (store) => open(another, prefixes.get(store)),
  });
});
