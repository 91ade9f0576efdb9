import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { SessionManager } from "@sess/core";
import {
  fromIoredis,
  type RedisClient,
  type RedisClusterClient,
  RedisStore,
  type RedisStoreOptions,
} from "@sess/store-redis";
import { missingRedis, openRedis, orSkip } from "@sess/test-servers";
import { Cluster, Redis as Ioredis } from "ioredis";
import { Redis as Valkey } from "iovalkey";
import { createClient, createClientPool, RESP_TYPES } from "redis";
import {
  atEnd,
  collect,
  connected,
  handle,
  newPrefix,
  newStore,
  record,
  rejection,
} from "./scratch.ts";

let url = "";

beforeAll(async () => {
  const server = await openRedis();
  atEnd(server.stop);
  url = server.url;
});

type Client = RedisClient | RedisClusterClient;

/** Each kind of client that the README names, and such as answer in a way of their own. */
const kinds: Readonly<Record<string, () => Promise<Client>>> = {
  async "redis, in protocol 2"() {
    const client = createClient({ url, RESP: 2 });
    atEnd(() => client.destroy());
    return client.connect();
  },
  async "a pool of redis"() {
    const pool = createClientPool({ url }, { minimum: 3, maximum: 3 });
    await pool.connect();
    atEnd(() => pool.destroy());
    return pool;
  },
  async "redis, told to answer with buffers and text for numbers"() {
    const client = await connected(url);
    return client.withTypeMapping({
      [RESP_TYPES.BLOB_STRING]: Buffer,
      [RESP_TYPES.NUMBER]: String,
    });
  },
  async "redis with a prefix of its own"() {
    const client = createClient({ url, keyPrefix: newPrefix() });
    atEnd(() => client.destroy());
    return client.connect();
  },
  async ioredis() {
    const client = new Ioredis(url);
    atEnd(() => client.disconnect());
    return fromIoredis(client);
  },
  async "ioredis with automatic pipelines and text for numbers"() {
    const client = new Ioredis(url, { enableAutoPipelining: true, stringNumbers: true });
    atEnd(() => client.disconnect());
    return fromIoredis(client);
  },
  async iovalkey() {
    const client = new Valkey(url);
    atEnd(() => client.disconnect());
    return fromIoredis(client);
  },
};

orSkip(describe, missingRedis())("a client of", () => {
  test.each(Object.keys(kinds))("%s fits", async (kind) => {
    const client = await kinds[kind]?.();
    if (client === undefined) throw new Error("no client");
    const store = new RedisStore(client, { prefix: newPrefix() });
    const first = record({ owner: "å", data: "漢\n" });
    expect(await store.save(handle(1), first)).toBe(true);
    expect(await store.save(handle(1), first)).toBe(false);
    expect(await store.save(handle(1), { ...first, revision: 2 })).toBe(true);
    expect(await store.touch(handle(1), first.expiresAt + 40 * 86_400_000)).toBe(true);
    const stands = { ...first, revision: 2, expiresAt: first.expiresAt + 40 * 86_400_000 };
    const loads = [handle(1), handle(2), handle(1)].map((key) => store.load(key));
    expect(await Promise.all(loads)).toEqual([stands, undefined, stands]);
    expect(await collect(store.list("å"))).toEqual([[handle(1), stands]]);
    expect(await collect(store.list())).toEqual([[handle(1), stands]]);
    const together = [
      store.save(handle(2), record()),
      store.save(handle(2), record()),
      store.touch(handle(1), stands.expiresAt + 80 * 86_400_000, 2),
      store.delete(handle(3)),
    ];
    expect(await Promise.all(together)).toEqual([true, false, true, false]);
    expect(await store.delete(handle(1), 1)).toBe(false);
    expect(await store.delete(handle(1), 2)).toBe(true);
    expect(await store.delete(handle(1))).toBe(false);
  });
});

test("a client of ioredis that would hide keys or read from replicas is refused", () => {
  const invalid = expect.objectContaining({ code: "INVALID_OPTION" });
  const offline = { lazyConnect: true };
  const nodes = [{ host: "127.0.0.1", port: 1 }];
  for (const make of [
    () => new Ioredis({ ...offline, keyPrefix: "app:" }),
    () => new Valkey({ ...offline, keyPrefix: "app:" }),
    () => new Cluster(nodes, { ...offline, keyPrefix: "app:" }),
    () => new Cluster(nodes, { ...offline, redisOptions: { keyPrefix: "app:" } }),
    () => new Cluster(nodes, { ...offline, scaleReads: "slave" }),
    () => new Cluster(nodes, { ...offline, scaleReads: "all" }),
  ]) {
    expect(() => fromIoredis(make())).toThrow(invalid);
  }
  expect(fromIoredis(new Cluster(nodes, offline))).toHaveProperty("masters", []);
});

test("what is no client and what is no option is refused at once", () => {
  const client: RedisClient = { sendCommand: async () => null };
  const make =
    (...given: unknown[]) =>
    () =>
      Reflect.construct(RedisStore, given);
  for (const given of [[], [null], ["redis://"], [{}], [new Ioredis({ lazyConnect: true })]]) {
    expect(make(...given)).toThrow(expect.objectContaining({ code: "INVALID_OPTION" }));
  }
  for (const options of [null, "sess:", { prefx: "a" }, { prefix: 1 }, { prefix: "\ud800" }]) {
    expect(make(client, options)).toThrow(expect.objectContaining({ code: "INVALID_OPTION" }));
  }
  expect(make(client, {})).not.toThrow();
});

orSkip(test, missingRedis())("the rights that the README names are enough", async () => {
  const readme = readFileSync(join(__dirname, "../README.md"), "utf8");
  const [, keys = "", list = ""] =
    /\*\*Rights\.\*\* [^`]+`([^`]+)` and ([\s\S]+?)\.\n/.exec(readme) ?? [];
  const commands = [...list.matchAll(/`([a-z]+)`/g)].map(([, name]) => `+${name}`);
  const admin = await connected(url);
  const prefix = newPrefix();
  const allowed = [keys.replace("sess:", prefix), ...commands];
  await admin.sendCommand(["ACL", "SETUSER", "app", "reset", "on", ">secret", ...allowed]);
  const { host } = new URL(url);
  const store = newStore(await connected(`redis://app:secret@${host}`), prefix);
  const first = record({ owner: "ada" });
  expect(await store.save(handle(1), record())).toBe(true);
  expect(await store.save(handle(2), first)).toBe(true);
  expect(await store.touch(handle(2), first.expiresAt + 40 * 86_400_000)).toBe(true);
  await Promise.all([1, 2, 3].map((number) => store.load(handle(number))));
  expect(await store.load(handle(1))).toMatchObject({ revision: 1 });
  expect(await collect(store.list("ada"))).toHaveLength(1);
  expect(await collect(store.list())).toHaveLength(2);
  expect(await store.delete(handle(1), 1)).toBe(true);
  expect(await store.delete(handle(2))).toBe(true);
  const other = newStore(await connected(`redis://app:secret@${host}`));
  expect(await rejection(other.save(handle(1), record()))).toMatchObject({
    code: "STORE_UNAVAILABLE",
    message: expect.stringContaining("lists the rights"),
  });
  await admin.sendCommand(["ACL", "DELUSER", "app"]);
});

test("options are copied at the door", async () => {
  const asked: string[][] = [];
  const client: RedisClient = {
    async sendCommand(command) {
      asked.push(command);
      return null;
    },
  };
  const options = { prefix: "mine:" };
  const store = new RedisStore(client, options satisfies RedisStoreOptions);
  options.prefix = "other:";
  await store.load(handle(1));
  expect(asked).toEqual([["GET", `mine:${handle(1)}`]]);
});

orSkip(test, missingRedis())("ids reach no key, and a session takes few bytes", async () => {
  const client = await connected(url);
  const prefix = newPrefix();
  const sessions = new SessionManager({ store: newStore(client, prefix) });
  const session = sessions.create();
  session.set("alias", "GoTamer");
  await session.save();
  const text = String(await client.sendCommand(["GET", `${prefix}${session.handle}`]));
  expect(text).not.toContain(session.id);
  const data = text.slice(text.indexOf("\n") + 1);
  expect(text.length - data.length).toBeLessThanOrEqual(32);
});
