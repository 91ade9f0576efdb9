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
import {
  afterTests,
  collect,
  expectCode,
  handle,
  handles,
  record,
  StoppedClock,
} from "@sess/test-support";
import { Cluster as IoredisCluster } from "ioredis";
import { Cluster as ValkeyCluster } from "iovalkey";
import { createCluster, RESP_TYPES } from "redis";
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

  test.each([
    ["ioredis", IoredisCluster],
    // As in ioredis before 5.11, its automatic pipelines go to a wrong node.
    ["iovalkey", ValkeyCluster],
  ])("%s may gather its commands in automatic pipelines", async (_, Cluster) => {
    const made = new Cluster(cluster.urls, {
      enableAutoPipelining: true,
      redisOptions: { enableAutoPipelining: true },
    });
    made.on("error", () => {});
    afterTests(() => made.disconnect());
    const store = open(fromIoredis(made));
    const sessions = handles(40);
    const all = <Result>(call: (session: string) => Promise<Result>) =>
      Promise.all(sessions.map(call));
    const expiresAt = Date.now() + 7_200_000;
    const yes = Array(40).fill(true);
    expect(await all((each) => store.save(each, record({ data: each, owner: "ada" })))).toEqual(
      yes,
    );
    expect((await all((each) => store.load(each))).map((each) => each?.data)).toEqual(sessions);
    expect(await all((each) => store.touch(each, expiresAt, 1))).toEqual(yes);
    expect(await collect(store.list())).toHaveLength(40);
    expect(await collect(store.list("ada"))).toHaveLength(40);
    expect(await all((each) => store.delete(each, 1))).toEqual(yes);
  });

  test("a client's own types change no outcome", async () => {
    const typeMapping = {
      [RESP_TYPES.BLOB_STRING]: Buffer,
      [RESP_TYPES.SIMPLE_STRING]: Buffer,
      [RESP_TYPES.NUMBER]: String,
    } as const;
    const store = open((await connected()).withTypeMapping(typeMapping));
    const first = record({ owner: "ada" });
    for (const session of handles(20)) {
      expect(await store.save(session, first)).toBe(true);
      expect(await store.save(session, first)).toBe(false);
      expect(await store.load(session)).toEqual(first);
    }
    expect(await collect(store.list())).toHaveLength(20);
    expect(await collect(store.list("ada"))).toHaveLength(20);
    expect(await store.delete(handle(1), 1)).toBe(true);
    expect(await store.delete(handle(1))).toBe(false);
  });

  test("what the server's clock has passed changes nothing", async () => {
    for (const over of [client, another]) {
      const store = open(over);
      const first = record({ owner: "ada" });
      const expiresAt = Date.now() - 1;
      await store.save(handle(1), first);
      for (const fields of [{}, { owner: "ada" }]) {
        expect(await store.save(handle(2), record({ ...fields, expiresAt }))).toBe(false);
        const next = record({ ...fields, expiresAt, revision: 2 });
        expect(await store.save(handle(1), next)).toBe(false);
      }
      expect(await store.touch(handle(1), expiresAt, 1)).toBe(false);
      using clock = new StoppedClock(first.expiresAt + 1);
      expect(clock.now).toBe(Date.now());
      expect(await store.load(handle(1))).toEqual(first);
      expect(await collect(store.list("ada"))).toEqual([[handle(1), first]]);
    }
  });

  test("an owner's index loses a name when its session ends, and names none for long", async () => {
    const store = open(client);
    const index = `${prefixes.get(store)}@ada`;
    const ask = (...command: string[]) => client.sendCommand(index, false, command);
    const first = record({ owner: "ada", expiresAt: Date.now() + 60 * 86_400_000 });
    for (const session of handles(3)) await store.save(session, first);
    expect(await store.delete(handle(0))).toBe(true);
    expect(await store.delete(handle(1), 1)).toBe(true);
    expect(await ask("ZRANGE", index, "0", "-1")).toEqual([handle(2)]);
    const next = record({ owner: "ada", revision: 2 });
    expect(await store.save(handle(2), next)).toBe(true);
    const score = Number(await ask("ZSCORE", index, handle(2)));
    expect(score).toBeGreaterThan(next.expiresAt);
    expect(score).toBeLessThan(next.expiresAt + 86_400_000);
    expect(await store.delete(handle(2), 2)).toBe(true);
    expect(await ask("EXISTS", index)).toBe(0);
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
    // From here on it knows the server's time.
    await store.save(handle(99), record());
    sent.length = 0;
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
