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
import { afterTests, collect, expectCode, handle, handles, record } from "@sess/test-support";
import { Cluster, Redis as Ioredis } from "ioredis";
import { Redis as Valkey } from "iovalkey";
import { createClient, createClientPool, createCluster, RESP_TYPES } from "redis";
import { connected, newPrefix, newStore } from "./support/stores.ts";

let url = "";

async function openServer(): Promise<void> {
  const server = await openRedis();
  afterTests(server.stop);
  url = server.url;
}

type Client = RedisClient | RedisClusterClient;

/** Buffers and text in place of whatever a client decodes. */
const OWN_TYPES = {
  [RESP_TYPES.BLOB_STRING]: Buffer,
  [RESP_TYPES.SIMPLE_STRING]: Buffer,
  [RESP_TYPES.NUMBER]: String,
  [RESP_TYPES.DOUBLE]: String,
  [RESP_TYPES.SET]: Set,
  [RESP_TYPES.MAP]: Map,
} as const;

/** The clients that the README names, and some that decode replies in a way of their own. */
const kinds: Readonly<Record<string, () => Promise<Client>>> = {
  async "redis, in protocol 2"() {
    const client = createClient({ url, RESP: 2 });
    afterTests(() => client.destroy());
    return client.connect();
  },
  async "redis, told in its options to answer in types of its own"() {
    const client = createClient({ url, commandOptions: { typeMapping: OWN_TYPES } });
    client.on("error", () => {});
    afterTests(() => client.destroy());
    return client.connect();
  },
  async "a pool of redis, told to answer in types of its own"() {
    const pool = createClientPool({ url, commandOptions: { typeMapping: OWN_TYPES } });
    await pool.connect();
    afterTests(() => pool.destroy());
    return pool.withTypeMapping(OWN_TYPES);
  },
  async "redis, whose types nobody can tell it from outside"() {
    const client = (await connected(url)).withTypeMapping(OWN_TYPES);
    return { sendCommand: (args: string[]) => client.sendCommand(args) };
  },
  async "a pool of redis"() {
    const pool = createClientPool({ url }, { minimum: 3, maximum: 3 });
    await pool.connect();
    afterTests(() => pool.destroy());
    return pool;
  },
  async "redis, told to answer with buffers and text for numbers"() {
    const client = await connected(url);
    return client.withTypeMapping({
      [RESP_TYPES.BLOB_STRING]: Buffer,
      [RESP_TYPES.NUMBER]: String,
    });
  },
  async ioredis() {
    const client = new Ioredis(url);
    afterTests(() => client.disconnect());
    return fromIoredis(client);
  },
  async "ioredis with automatic pipelines and text for numbers"() {
    const client = new Ioredis(url, { enableAutoPipelining: true, stringNumbers: true });
    afterTests(() => client.disconnect());
    return fromIoredis(client);
  },
  async "ioredis, in protocol 3 and with its types"() {
    const client = new Ioredis(url, { protocol: 3, replyMapping: "resp3" });
    afterTests(() => client.disconnect());
    return fromIoredis(client);
  },
  async iovalkey() {
    const client = new Valkey(url, { enableAutoPipelining: true });
    afterTests(() => client.disconnect());
    return fromIoredis(client);
  },
};

orSkip(describe, missingRedis())("a store works over a client of", () => {
  beforeAll(openServer);

  test.each(Object.entries(kinds))("%s", async (_, connect) => {
    const store = newStore(await connect());
    const first = record({ owner: "å", data: "漢\n" });
    expect(await store.save(handle(1), first)).toBe(true);
    expect(await store.save(handle(1), first)).toBe(false);
    expect(await store.save(handle(1), { ...first, revision: 2 })).toBe(true);
    expect(await store.touch(handle(1), first.expiresAt + 40 * 86_400_000)).toBe(true);
    const stands = { ...first, revision: 2, expiresAt: first.expiresAt + 40 * 86_400_000 };
    const loads = [handle(1), handle(2), handle(1)].map((session) => store.load(session));
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

describe("fromIoredis() refuses", () => {
  const offline = { lazyConnect: true };
  const nodes = [{ host: "127.0.0.1", port: 1 }];

  test.each([
    () => new Ioredis({ ...offline, keyPrefix: "app:" }),
    () => new Valkey({ ...offline, keyPrefix: "app:" }),
    () => new Cluster(nodes, { ...offline, keyPrefix: "app:" }),
    () => new Cluster(nodes, { ...offline, redisOptions: { keyPrefix: "app:" } }),
  ])("a client with a keyPrefix, which listing could not see through: %s", async (make) => {
    const { message } = await expectCode(() => fromIoredis(make()), "INVALID_OPTION");
    expect(message).toContain("keyPrefix");
  });

  test.each(["slave", "all"] as const)("a cluster that reads from replicas: %s", async (reads) => {
    const cluster = new Cluster(nodes, { ...offline, scaleReads: reads });
    const { message } = await expectCode(() => fromIoredis(cluster), "INVALID_OPTION");
    expect(message).toContain("scaleReads");
  });

  test.each([undefined, null, "redis://", {}])("what is no client: %p", async (client) => {
    const call = () => Reflect.apply(fromIoredis, undefined, [client]);
    await expectCode(call, "INVALID_OPTION");
  });

  test("no other cluster", () => {
    expect(fromIoredis(new Cluster(nodes, offline))).toHaveProperty("masters", []);
  });
});

describe("a store refuses a client of redis", () => {
  const keyPrefix = "app:";
  const rootNodes = [{ url: "redis://127.0.0.1:1" }];

  test.each([
    ["for one server", () => createClient({ keyPrefix })],
    ["under other options", () => createClient({ keyPrefix }).withTypeMapping({})],
    ["that pools", () => createClientPool({ keyPrefix })],
    ["for a cluster", () => createCluster({ keyPrefix, rootNodes })],
    ["whose prefix is a buffer", () => createClient({ keyPrefix: Buffer.from(keyPrefix) })],
  ])("with a keyPrefix, which two applications would share unseen: %s", async (_, make) => {
    const { message } = await expectCode(() => new RedisStore(make()), "INVALID_OPTION");
    expect(message).toContain("keyPrefix must be left out (the store has an option prefix)");
  });

  test("not with an empty one", () => {
    expect(() => new RedisStore(createClient({ keyPrefix: "" }))).not.toThrow();
  });
});

describe("a store refuses", () => {
  const client: RedisClient = { sendCommand: async () => null };
  const open = (...given: unknown[]) => Reflect.construct(RedisStore, given);

  test.each([undefined, null, "redis://", {}, new Ioredis({ lazyConnect: true })])(
    "what is no client: %p",
    async (given) => {
      const { message } = await expectCode(() => open(given), "INVALID_OPTION");
      expect(message).toContain("fromIoredis()");
    },
  );

  test.each([
    null,
    "sess:",
    { prefx: "a" },
    { prefix: 1 },
    { prefix: "\ud800" },
    { prefix: "a\0" },
    { prefix: "x".repeat(513) },
  ])("wrong options: %j", async (options) => {
    await expectCode(() => open(client, options), "INVALID_OPTION");
  });

  test.each([undefined, {}, { prefix: undefined }, { prefix: "" }])(
    "no right ones: %j",
    (options) => {
      expect(() => open(client, options)).not.toThrow();
    },
  );
});

test("a change of the options after the store was made changes nothing", async () => {
  const sent: string[][] = [];
  const client: RedisClient = {
    async sendCommand(command) {
      sent.push(command);
      return null;
    },
  };
  const options = { prefix: "mine:" };
  const store = new RedisStore(client, options satisfies RedisStoreOptions);
  options.prefix = "other:";
  await store.load(handle(1));
  expect(sent).toEqual([["GET", `mine:${handle(1)}`]]);
});

orSkip(describe, missingRedis())("on a server", () => {
  beforeAll(openServer);

  test("the rights that the README names are enough", async () => {
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
    await Promise.all(handles(3, 1).map((session) => store.load(session)));
    expect(await store.load(handle(1))).toMatchObject({ revision: 1 });
    expect(await collect(store.list("ada"))).toHaveLength(1);
    expect(await collect(store.list())).toHaveLength(2);
    expect(await store.delete(handle(1), 1)).toBe(true);
    expect(await store.delete(handle(2))).toBe(true);
    const other = newStore(await connected(`redis://app:secret@${host}`));
    const { message } = await expectCode(other.save(handle(1), record()), "STORE_UNAVAILABLE");
    expect(message).toContain("lists the rights");
    await admin.sendCommand(["ACL", "DELUSER", "app"]);
  });

  test("ids reach no key, and a session takes few bytes more than its data", async () => {
    const client = await connected(url);
    const prefix = newPrefix();
    const sessions = new SessionManager({ store: newStore(client, prefix) });
    const session = sessions.create();
    session.set("alias", "GoTamer");
    await session.save();
    const text = String(await client.sendCommand(["GET", `${prefix}${session.handle}`]));
    expect(text).not.toContain(session.id);
    const data = text.slice(text.indexOf("\n") + 1);
    expect(text.length - data.length).toBeLessThanOrEqual(36);
  });
});
