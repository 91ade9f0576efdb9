import { beforeAll, describe, expect, test } from "@jest/globals";
import { SessionManager } from "@sess/core";
import { testStore } from "@sess/core/conformance";
import {
  fromIoredis,
  type RedisClient,
  type RedisClusterClient,
  RedisStore,
} from "@sess/store-redis";
import { missingRedisServer, orSkip, RedisCluster } from "@sess/test-servers";
import { Cluster as IoredisCluster } from "ioredis";
import { createCluster } from "redis";
import {
  atEnd,
  collect,
  handle,
  newPrefix,
  record,
  rejection,
  connected as single,
} from "./scratch.ts";

type Client = RedisClient | RedisClusterClient;

const prefixes = new WeakMap<RedisStore, string>();
let cluster: RedisCluster;
let client: RedisClusterClient;
let another: Client;

beforeAll(async () => {
  if (missingRedisServer() !== undefined && process.env["CI"] !== "true") return;
  cluster = await RedisCluster.start();
  atEnd(() => cluster.stop());
  client = await connected();
  const ioredis = new IoredisCluster(cluster.urls);
  ioredis.on("error", () => {});
  atEnd(() => ioredis.disconnect());
  another = fromIoredis(ioredis);
}, 60_000);

async function connected() {
  const made = createCluster({
    rootNodes: cluster.urls.map((url) => ({ url })),
    defaults: { disableOfflineQueue: true, socket: { reconnectStrategy: () => 50 } },
    // Reads must not follow this.
    useReplicas: true,
  });
  made.on("error", () => {});
  await made.connect();
  atEnd(() => made.destroy());
  return made;
}

function open(over: Client, prefix = newPrefix()): RedisStore {
  const store = new RedisStore(over, { prefix });
  prefixes.set(store, prefix);
  return store;
}

/** Cuts the last character off. */
async function damage(store: RedisStore, handle: string): Promise<void> {
  const key = `${prefixes.get(store)}${handle}`;
  const text = String(await client.sendCommand(key, false, ["GET", key]));
  await client.sendCommand(key, false, ["SET", key, text.slice(0, -1), "KEEPTTL"]);
}

orSkip(describe, missingRedisServer())("on a cluster, with two kinds of client", () => {
  testStore({
    test,
    damage,
    createStore: () => open(client),
    connect: (store) => open(another, prefixes.get(store)),
  });

  test("sessions lie on all nodes and are listed from all", async () => {
    for (const over of [client, another]) {
      const store = open(over);
      const keys = Array.from({ length: 60 }, (_, index) => handle(index));
      await Promise.all(keys.map((key) => store.save(key, record({ owner: "ada" }))));
      const listed = await collect(store.list());
      expect(listed.map(([key]) => key).sort()).toEqual(keys);
      expect(await collect(store.list("ada"))).toHaveLength(60);
    }
  });

  test("loads go to the primaries, whatever the client would do", async () => {
    for (const over of [client, another]) {
      const store = open(over);
      const keys = Array.from({ length: 30 }, (_, index) => handle(index));
      for (const key of keys) await store.save(key, record());
      for (const key of keys) expect(await store.load(key)).toMatchObject({ revision: 1 });
    }
    for (const { url } of cluster.replicas) {
      const stats = await (await single(url)).sendCommand(["INFO", "commandstats"]);
      expect(String(stats)).not.toMatch(/cmdstat_(get|mget|evalsha):/);
    }
  });

  test("each call is a command of its own, about one key", async () => {
    const sent: string[][] = [];
    const watching = Object.create(client, {
      sendCommand: {
        value: (key: string, isReadonly: boolean, command: string[]) => {
          sent.push(command);
          return client.sendCommand(key, isReadonly, command);
        },
      },
    });
    const store = open(watching);
    const keys = Array.from({ length: 30 }, (_, index) => handle(index));
    const expiresAt = Date.now() + 9_000_000;
    await Promise.all(keys.map((key) => store.save(key, record())));
    await Promise.all(keys.map((key) => store.touch(key, expiresAt, 1)));
    const loaded = await Promise.all(keys.map((key) => store.load(key)));
    expect(loaded.map((each) => each?.expiresAt)).toEqual(keys.map(() => expiresAt));
    const count = (name: string) => sent.filter((command) => command[0] === name).length;
    expect([count("SET"), count("GET"), count("MGET")]).toEqual([30, 30, 0]);
    for (const [name = "", , numkeys] of sent)
      if (name.startsWith("EVAL")) expect(numkeys).toBe("1");
  });

  test("a session is saved only once its owner's index names it", async () => {
    const prefix = newPrefix();
    const refusing = Object.create(client, {
      sendCommand: {
        value: (key: string, isReadonly: boolean, command: string[]) =>
          key.startsWith(`${prefix}@`)
            ? Promise.reject(new Error("Socket closed unexpectedly"))
            : client.sendCommand(key, isReadonly, command),
      },
    });
    const [sound, faulty] = [open(client, prefix), open(refusing, prefix)];
    const first = record();
    const unavailable = { code: "STORE_UNAVAILABLE" };
    // A first save, and a later one that brings an owner.
    expect(await rejection(faulty.save(handle(1), record({ owner: "ada" })))).toMatchObject(
      unavailable,
    );
    expect(await sound.load(handle(1))).toBeUndefined();
    expect(await faulty.save(handle(2), first)).toBe(true);
    const second = { ...first, revision: 2, owner: "ada" };
    expect(await rejection(faulty.save(handle(2), second))).toMatchObject(unavailable);
    expect(await sound.load(handle(2))).toEqual(first);
    // A touch far beyond what the index vouches for.
    expect(await sound.save(handle(2), second)).toBe(true);
    const far = second.expiresAt + 40 * 86_400_000;
    expect(await rejection(faulty.touch(handle(2), far))).toMatchObject(unavailable);
    expect(await sound.load(handle(2))).toEqual(second);
  });

  test("a refused save does not shorten what the index vouches for", async () => {
    const store = open(client);
    const far = record({ owner: "ada", expiresAt: Date.now() + 40 * 86_400_000 });
    expect(await store.save(handle(1), far)).toBe(true);
    const index = `${prefixes.get(store)}@ada`;
    const score = () => client.sendCommand(index, false, ["ZSCORE", index, handle(1)]);
    const before = await score();
    expect(await store.save(handle(1), record({ owner: "ada" }))).toBe(false);
    expect(await score()).toBe(before);
  });

  test("what was saved before a primary is lost is there after, and saving goes on", async () => {
    const store = open(client);
    const sessions = new SessionManager<{ turn: number }>({ store });
    const made = Array.from({ length: 30 }, () => sessions.create());
    const ended = sessions.create();
    for (const session of [...made, ended]) {
      session.set("turn", 0);
      await session.save();
    }
    await ended.destroy();
    // Replication is not waited for by a save, so here it is.
    for (const primary of client.masters) {
      await (await client.nodeClient(primary)).sendCommand(["WAIT", "1", "5000"]);
    }
    const [primary] = cluster.primaries;
    if (primary === undefined) throw new Error("no primary");
    const failingOver = cluster.failOver(primary);
    for (const session of made) {
      session.set("turn", 1);
      // Rejects as long as the client does not know of the new primary, and never hangs.
      for (let tries = 0; tries < 400; tries += 1) {
        const error = await session.save().then(
          () => undefined,
          (reason: unknown) => reason,
        );
        if (error === undefined) break;
        expect(error).toMatchObject({ code: "STORE_UNAVAILABLE" });
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
    }
    await failingOver;
    for (const { id } of made) expect((await sessions.load(id))?.get("turn")).toBe(1);
    expect(await sessions.load(ended.id)).toBeUndefined();
    expect(await collect(store.list())).toHaveLength(30);
  });
});
