import { beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { RedisStore } from "@sess/store-redis";
import { missingRedisServer, orSkip, RedisServer, TcpProxy } from "@sess/test-servers";
import { afterTests, handle, handles, record, rejection } from "@sess/test-support";
import { createClient } from "redis";
import { connected, newPrefix, newStore, settings } from "./support/stores.ts";

const unavailable = { code: "STORE_UNAVAILABLE", cause: expect.any(Error) };

function unavailableSaying(message: string) {
  return { ...unavailable, message: expect.stringContaining(message) };
}

let server: RedisServer;
let proxy: TcpProxy;
/** Connected to the server itself, past the proxy. */
let raw: (...command: string[]) => Promise<unknown>;
let sound: RedisStore;
/** Connected through the proxy. */
let store: RedisStore;
let prefix: string;

beforeAll(async () => {
  server = await RedisServer.start(["--appendonly", "yes", "--appendfsync", "always"]);
  afterTests(() => server.stop());
  proxy = await TcpProxy.before(server);
  afterTests(() => proxy.close());
});

beforeEach(async () => {
  prefix = newPrefix();
  const direct = await connected(server.url);
  raw = (...command) => direct.sendCommand(command);
  sound = newStore(direct, prefix);
  store = newStore(await connected(`redis://${proxy.host}:${proxy.port}`), prefix);
});

/** Calls until it succeeds: until the client is connected again, its calls reject. */
async function recovered<Answer>(call: () => Promise<Answer>): Promise<Answer> {
  for (let tries = 0; tries < 500; tries += 1) {
    const answer = await call().catch((error: unknown) => {
      expect(error).toMatchObject(unavailable);
    });
    if (answer !== undefined) return answer;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error("It did not recover.");
}

orSkip(describe, missingRedisServer())("when the server fails", () => {
  test("a connection that is cut while nothing is under way is made again", async () => {
    await store.save(handle(1), record());
    proxy.cut();
    expect(await recovered(() => store.load(handle(1)))).toMatchObject({ revision: 1 });
    expect(await store.save(handle(1), record({ revision: 2 }))).toBe(true);
  });

  test("a save whose answer is lost says that its outcome is unknown, and has happened", async () => {
    await store.save(handle(1), record());
    proxy.loseReply();
    const saving = store.save(handle(1), record({ revision: 2 }));
    expect(await rejection(saving)).toMatchObject(unavailableSaying("unknown outcome"));
    expect(await sound.load(handle(1))).toMatchObject({ revision: 2 });
    expect(await recovered(() => store.load(handle(1)))).toMatchObject({ revision: 2 });
  });

  test("loads that go out together all reject when their connection is cut", async () => {
    proxy.loseReply();
    const loads = handles(3).map((session) => rejection(store.load(session)));
    for (const error of await Promise.all(loads)) expect(error).toMatchObject(unavailable);
  });

  test("a call that takes too long ends at the client's own limit", async () => {
    const client = createClient({
      ...settings(`redis://${proxy.host}:${proxy.port}`),
      socket: { socketTimeout: 100, reconnectStrategy: () => 20 },
    });
    client.on("error", () => {});
    await client.connect();
    afterTests(() => client.destroy());
    const slow = newStore(client, prefix);
    await slow.save(handle(1), record());
    proxy.delay = 400;
    const error = await rejection(slow.load(handle(1)));
    proxy.delay = 0;
    expect(error).toMatchObject(unavailableSaying("longer than"));
    expect(await recovered(() => slow.load(handle(1)))).toMatchObject({ revision: 1 });
  });

  test("each save that was acknowledged is there, although connections were killed", async () => {
    const acknowledged: string[] = [];
    for (let round = 0; round < 10; round += 1) {
      let killing: Promise<unknown> | undefined;
      for (const [index, session] of handles(20, round * 20).entries()) {
        if (index === 10) killing = raw("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
        const saving = store.save(session, record());
        const outcome = await saving.catch((error: unknown) => {
          expect(error).toMatchObject(unavailable);
        });
        if (outcome) acknowledged.push(session);
      }
      await killing;
      await recovered(() => store.save(handle(1_000 + round), record()));
    }
    expect(acknowledged.length).toBeGreaterThan(0);
    for (const session of acknowledged) {
      expect(await sound.load(session)).toMatchObject({ revision: 1 });
    }
  });

  test("saves, touches and deletes go on when the server has forgotten the scripts", async () => {
    const first = record({ owner: "ada" });
    for (const session of [handle(1), handle(2)]) {
      await raw("SCRIPT", "FLUSH");
      expect(await store.save(session, first)).toBe(true);
      await raw("SCRIPT", "FLUSH");
      expect(await store.touch(session, first.expiresAt + 40 * 86_400_000)).toBe(true);
      await raw("SCRIPT", "FLUSH");
      expect(await store.save(session, record({ revision: 2 }))).toBe(true);
      await raw("SCRIPT", "FLUSH");
      expect(await store.delete(session, 2)).toBe(true);
    }
  });

  test("after a restart what was acknowledged is there, and nothing that was ended is", async () => {
    await Promise.all(handles(3, 1).map((session) => store.save(session, record())));
    await store.delete(handle(2));
    const expiresAt = Date.now() + 7_200_000;
    await store.touch(handle(3), expiresAt);
    await server.kill();
    expect(await rejection(store.load(handle(1)))).toMatchObject(
      unavailableSaying("no connection"),
    );
    expect(await rejection(store.save(handle(4), record()))).toMatchObject(unavailable);
    await server.run();
    expect(await recovered(() => store.load(handle(1)))).toMatchObject({ revision: 1 });
    expect(await store.load(handle(2))).toBeUndefined();
    expect(await store.save(handle(2), record({ revision: 2 }))).toBe(false);
    expect(await store.load(handle(3))).toMatchObject({ expiresAt });
  });

  test("a server that has become a replica refuses writes until it is one no more", async () => {
    await store.save(handle(1), record());
    await raw("REPLICAOF", "127.0.0.1", "1");
    const error = await rejection(store.save(handle(1), record({ revision: 2 })));
    await raw("REPLICAOF", "NO", "ONE");
    expect(error).toMatchObject(
      unavailableSaying("Nothing was written to Redis. The server is a replica"),
    );
    expect(await store.save(handle(1), record({ revision: 2 }))).toBe(true);
  });

  test("a full server refuses saves; loading and ending go on", async () => {
    await store.save(handle(1), record());
    await store.save(handle(2), record());
    await raw("CONFIG", "SET", "maxmemory", "1");
    const error = await rejection(store.save(handle(3), record()));
    const loaded = await store.load(handle(1));
    const ended = [await store.delete(handle(1)), await store.delete(handle(2), 1)];
    await raw("CONFIG", "SET", "maxmemory", "0");
    expect(error).toMatchObject(unavailableSaying("maxmemory"));
    expect(loaded).toMatchObject({ revision: 1 });
    expect(ended).toEqual([true, true]);
    expect(await store.save(handle(3), record())).toBe(true);
  });

  test("a client that is not connected yet says so", async () => {
    const client = createClient({ url: server.url });
    const error = await rejection(newStore(client).load(handle(1)));
    expect(error).toMatchObject(unavailableSaying("Was the client connected"));
  });
});
