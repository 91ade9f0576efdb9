import { join } from "node:path";
import { beforeAll, describe, test } from "@jest/globals";
import { anotherProcess, testStore } from "@sess/core/conformance";
import {
  fromIoredis,
  type RedisClient,
  type RedisClusterClient,
  type RedisStore,
} from "@sess/store-redis";
import { missingRedis, openRedis, orSkip } from "@sess/test-servers";
import { afterTests, bundle } from "@sess/test-support";
import { Redis as Valkey } from "iovalkey";
import { createClient } from "redis";
import { connected, newPrefix, newStore, settings } from "./support/stores.ts";

const prefixes = new WeakMap<RedisStore, string>();
let url: string;
let client: RedisClient;
let another: RedisClient | RedisClusterClient;

beforeAll(async () => {
  const server = await openRedis();
  afterTests(server.stop);
  url = server.url;
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

/** A store over a client of its own, whose connection can be cut for good. */
async function openAlone(): Promise<RedisStore> {
  const own = createClient(settings(url));
  own.on("error", () => {});
  await own.connect();
  const store = open(own);
  cuts.set(store, () => own.destroy());
  return store;
}

const cuts = new WeakMap<RedisStore, () => void>();

const describeRedis = orSkip(describe, missingRedis());

describeRedis("on one server, from two processes with two kinds of client", () => {
  const program = bundle(join(__dirname, "programs/serve-store.ts"));

  testStore<RedisStore>({
    test,
    damage,
    createStore: () => open(client),
    connect: anotherProcess({
      module: program,
      address: (store) => JSON.stringify({ url, prefix: prefixes.get(store) }),
    }),
    reopen: (store) => open(client, prefixes.get(store)),
  });
});

describeRedis("on one server, from one process with two kinds of client", () => {
  testStore<RedisStore>({
    test: (name, run) => name.startsWith("two connections") && test(name, run),
    createStore: () => open(client),
    connect: (store) => open(another, prefixes.get(store)),
  });
});

describeRedis("when its connection is lost", () => {
  testStore<RedisStore>({
    test: (name, run) => name.startsWith("failure") && test(name, run),
    createStore: openAlone,
    connect: (store) => open(another, prefixes.get(store)),
    fail: (store) => cuts.get(store)?.(),
  });
});
