import { beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { RedisStore } from "@sess/store-redis";
import { missingRedisServer, orSkip, RedisServer, TcpProxy } from "@sess/test-servers";
import { createClient } from "redis";
import {
  atEnd,
  connected,
  handle,
  newPrefix,
  newStore,
  record,
  rejection,
  settings,
} from "./scratch.ts";

// Not by its class: Node's own errors are of another realm than a test's.
const cause = expect.objectContaining({ message: expect.any(String) });
const unavailable = { name: "SessionError", code: "STORE_UNAVAILABLE", cause };

let server: RedisServer;
let proxy: TcpProxy;
/** Connected to the server itself, past the proxy. */
let raw: (...command: string[]) => Promise<unknown>;
let sound: RedisStore;
/** Connected through the proxy. */
let store: RedisStore;
let prefix: string;

beforeAll(async () => {
  if (missingRedisServer() !== undefined && process.env["CI"] !== "true") return;
  server = await RedisServer.start(["--appendonly", "yes", "--appendfsync", "always"]);
  atEnd(() => server.stop());
  proxy = await TcpProxy.before(server);
  atEnd(() => proxy.close());
});

beforeEach(async () => {
  if (server === undefined) return;
  prefix = newPrefix();
  const direct = await connected(server.url);
  raw = (...command) => direct.sendCommand(command);
  sound = newStore(direct, prefix);
  store = newStore(await connected(`redis://${proxy.host}:${proxy.port}`), prefix);
});

/** Until the client is connected again its calls reject; then the first one that is made succeeds. */
async function recovered<Answer>(call: () => Promise<Answer>): Promise<Answer> {
  for (let tries = 0; tries < 500; tries += 1) {
    const answer = await call().catch((error: unknown) => {
      expect(error).toMatchObject(unavailable);
    });
    if (answer !== undefined) return answer;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error("it did not recover");
}

orSkip(describe, missingRedisServer())("a server that fails:", () => {
  test("a connection that is cut while nothing is under way is made again", async () => {
    await store.save(handle(1), record());
    proxy.cut();
    expect(await recovered(() => store.load(handle(1)))).toMatchObject({ revision: 1 });
    expect(await store.save(handle(1), record({ revision: 2 }))).toBe(true);
  });

  test("a save whose answer is lost rejects, says that its outcome is unknown, and has happened", async () => {
    await store.save(handle(1), record());
    proxy.loseReply();
    const saving = store.save(handle(1), record({ revision: 2 }));
    expect(await rejection(saving)).toMatchObject({
      ...unavailable,
      message: expect.stringContaining("outcome is unknown"),
    });
    expect(await sound.load(handle(1))).toMatchObject({ revision: 2 });
    expect(await recovered(() => store.load(handle(1)))).toMatchObject({ revision: 2 });
  });

  test("loads that go out together all reject when their connection is cut", async () => {
    proxy.loseReply();
    const loads = [1, 2, 3].map((number) => rejection(store.load(handle(number))));
    for (const error of await Promise.all(loads)) expect(error).toMatchObject(unavailable);
  });

  test("a server that is too slow ends a call at the client's own limit", async () => {
    const client = createClient({
      ...settings(`redis://${proxy.host}:${proxy.port}`),
      socket: { socketTimeout: 100, reconnectStrategy: () => 20 },
    });
    client.on("error", () => {});
    await client.connect();
    atEnd(() => client.destroy());
    const slow = newStore(client, prefix);
    await slow.save(handle(1), record());
    proxy.delay = 400;
    const error = await rejection(slow.load(handle(1)));
    proxy.delay = 0;
    expect(error).toMatchObject({
      ...unavailable,
      message: expect.stringContaining("longer than"),
    });
    expect(await recovered(() => slow.load(handle(1)))).toMatchObject({ revision: 1 });
  });

  test("of saves whose connections are killed each that was acknowledged is there", async () => {
    const acknowledged: string[] = [];
    for (let turn = 0; turn < 10; turn += 1) {
      let killing: Promise<unknown> | undefined;
      for (let number = turn * 20; number < turn * 20 + 20; number += 1) {
        if (number % 20 === 10) killing = raw("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
        const saving = store.save(handle(number), record());
        const outcome = await saving.catch((error: unknown) => {
          expect(error).toMatchObject(unavailable);
        });
        if (outcome) acknowledged.push(handle(number));
      }
      await killing;
      await recovered(() => store.save(handle(1_000 + turn), record()));
    }
    expect(acknowledged.length).toBeGreaterThan(0);
    for (const key of acknowledged) expect(await sound.load(key)).toMatchObject({ revision: 1 });
  });

  test("saves, touches and deletes go on when the server has forgotten the scripts", async () => {
    const first = record({ owner: "ada" });
    for (const key of [handle(1), handle(2)]) {
      await raw("SCRIPT", "FLUSH");
      expect(await store.save(key, first)).toBe(true);
      await raw("SCRIPT", "FLUSH");
      expect(await store.touch(key, first.expiresAt + 40 * 86_400_000)).toBe(true);
      await raw("SCRIPT", "FLUSH");
      expect(await store.save(key, record({ revision: 2 }))).toBe(true);
      await raw("SCRIPT", "FLUSH");
      expect(await store.delete(key, 2)).toBe(true);
    }
  });

  test("a restarted server has what was acknowledged, and nothing that was ended comes back", async () => {
    await Promise.all([1, 2, 3].map((number) => store.save(handle(number), record())));
    await store.delete(handle(2));
    const expiresAt = Date.now() + 7_200_000;
    await store.touch(handle(3), expiresAt);
    await server.kill();
    expect(await rejection(store.load(handle(1)))).toMatchObject({
      ...unavailable,
      message: expect.stringContaining("no connection"),
    });
    expect(await rejection(store.save(handle(4), record()))).toMatchObject(unavailable);
    await server.run();
    expect(await recovered(() => store.load(handle(1)))).toMatchObject({ revision: 1 });
    expect(await store.load(handle(2))).toBeUndefined();
    expect(await store.save(handle(2), record({ revision: 2 }))).toBe(false);
    expect(await store.load(handle(3))).toMatchObject({ expiresAt });
  });

  test("a server that became a replica refuses writes, which says what to do, until it is one no more", async () => {
    await store.save(handle(1), record());
    await raw("REPLICAOF", "127.0.0.1", "1");
    const error = await rejection(store.save(handle(1), record({ revision: 2 })));
    await raw("REPLICAOF", "NO", "ONE");
    expect(error).toMatchObject({
      ...unavailable,
      message: expect.stringContaining("Redis refused to write. The server is a replica"),
    });
    expect(await store.save(handle(1), record({ revision: 2 }))).toBe(true);
  });

  test("a full server refuses saves, which says what to do; loading and ending go on", async () => {
    await store.save(handle(1), record());
    await store.save(handle(2), record());
    await raw("CONFIG", "SET", "maxmemory", "1");
    const error = await rejection(store.save(handle(3), record()));
    const loaded = await store.load(handle(1));
    const ended = [await store.delete(handle(1)), await store.delete(handle(2), 1)];
    await raw("CONFIG", "SET", "maxmemory", "0");
    expect(error).toMatchObject({ ...unavailable, message: expect.stringContaining("maxmemory") });
    expect(loaded).toMatchObject({ revision: 1 });
    expect(ended).toEqual([true, true]);
    expect(await store.save(handle(3), record())).toBe(true);
  });

  test("a client that was closed, or is not connected yet, says so", async () => {
    const client = createClient({ url: server.url });
    const error = await rejection(newStore(client).load(handle(1)));
    expect(error).toMatchObject({ ...unavailable, message: expect.stringContaining("connected") });
  });

  test("a closed store leaves the client open", async () => {
    const client = await connected(server.url);
    await newStore(client).close();
    expect(await newStore(client).save(handle(1), record())).toBe(true);
  });
});
