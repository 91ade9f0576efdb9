import { beforeAll, describe, expect, test } from "@jest/globals";
import { SessionManager } from "@sess/core";
import { testStore } from "@sess/core/conformance";
import {
  fromIoredis,
  type RedisClient,
  type RedisClusterClient,
  type RedisStore,
} from "@sess/store-redis";
import { missingRedisServer, orSkip, RedisCluster } from "@sess/test-servers";
import { afterTests, collect, expectCode, handle, handles, record } from "@sess/test-support";
import { Cluster as IoredisCluster } from "ioredis";
import { createCluster } from "redis";
import { connected as connectedToOne, newPrefix, newStore } from "./support/stores.ts";

type Client = RedisClient | RedisClusterClient;

const prefixes = new WeakMap<RedisStore, string>();
let cluster: RedisCluster;
let client: RedisClusterClient;
let another: Client;

beforeAll(async () => {
  cluster = await RedisCluster.start();
  afterTests(() => cluster.stop());
  client = await connected();
  const ioredis = new IoredisCluster(cluster.urls);
  ioredis.on("error", () => {});
  afterTests(() => ioredis.disconnect());
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
  afterTests(() => made.destroy());
  return made;
}

function open(over: Client, prefix = newPrefix()): RedisStore {
  const store = newStore(over, prefix);
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
      const sessions = handles(60);
      await Promise.all(sessions.map((each) => store.save(each, record({ owner: "ada" }))));
      const listed = await collect(store.list());
      expect(listed.map(([session]) => session).sort()).toEqual(sessions);
      expect(await collect(store.list("ada"))).toHaveLength(60);
    }
  });

  test("loads go to the primaries although the client reads from replicas", async () => {
    for (const over of [client, another]) {
      const store = open(over);
      for (const each of handles(30)) await store.save(each, record());
      for (const each of handles(30)) expect(await store.load(each)).toMatchObject({ revision: 1 });
    }
    for (const { url } of cluster.replicas) {
      const stats = await (await connectedToOne(url)).sendCommand(["INFO", "commandstats"]);
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
    const expiresAt = Date.now() + 9_000_000;
    await Promise.all(handles(30).map((each) => store.save(each, record())));
    await Promise.all(handles(30).map((each) => store.touch(each, expiresAt, 1)));
    const loaded = await Promise.all(handles(30).map((each) => store.load(each)));
    expect(loaded.map((each) => each?.expiresAt)).toEqual(Array(30).fill(expiresAt));
    const count = (name: string) => sent.filter((command) => command[0] === name).length;
    expect([count("SET"), count("GET"), count("MGET")]).toEqual([30, 30, 0]);
    const scripts = sent.filter(([name]) => name?.startsWith("EVAL"));
    expect(scripts.map(([, , keyCount]) => keyCount)).toEqual(scripts.map(() => "1"));
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
    // A first save, and a later one that brings an owner.
    await expectCode(faulty.save(handle(1), record({ owner: "ada" })), "STORE_UNAVAILABLE");
    expect(await sound.load(handle(1))).toBeUndefined();
    expect(await faulty.save(handle(2), first)).toBe(true);
    const second = { ...first, revision: 2, owner: "ada" };
    await expectCode(faulty.save(handle(2), second), "STORE_UNAVAILABLE");
    expect(await sound.load(handle(2))).toEqual(first);
    // A touch far beyond what the index vouches for.
    expect(await sound.save(handle(2), second)).toBe(true);
    const far = second.expiresAt + 40 * 86_400_000;
    await expectCode(faulty.touch(handle(2), far), "STORE_UNAVAILABLE");
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

  test("what was saved before a primary is lost is there afterwards, and saving goes on", async () => {
    const store = open(client);
    const sessions = new SessionManager<{ round: number }>({ store });
    const made = Array.from({ length: 30 }, () => sessions.create());
    const ended = sessions.create();
    for (const session of [...made, ended]) {
      session.set("round", 0);
      await session.save();
    }
    await ended.destroy();
    // A save does not wait for replicas.
    for (const primary of client.masters) {
      await (await client.nodeClient(primary)).sendCommand(["WAIT", "1", "5000"]);
    }
    const [primary] = cluster.primaries;
    if (primary === undefined) throw new Error("There is no primary.");
    const failingOver = cluster.failOver(primary);
    for (const session of made) {
      session.set("round", 1);
      // It rejects until the client knows of the new primary, and never hangs.
      for (let tries = 0; tries < 400; tries += 1) {
        const saving = session.save();
        const isSaved = await saving.then(
          () => true,
          () => false,
        );
        if (isSaved) break;
        await expectCode(saving, "STORE_UNAVAILABLE");
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
    }
    await failingOver;
    for (const { id } of made) expect((await sessions.load(id))?.get("round")).toBe(1);
    expect(await sessions.load(ended.id)).toBeUndefined();
    expect(await collect(store.list())).toHaveLength(30);
  });
});
