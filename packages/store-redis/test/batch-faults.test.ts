import { beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { RedisStore } from "@sess/store-redis";
import { missingRedisServer, orSkip, RedisServer, TcpProxy } from "@sess/test-servers";
import { atEnd, connected, handle, newPrefix, newStore, record, rejection } from "./scratch.ts";
import { Watched } from "./watched.ts";

let server: RedisServer;
let client: Awaited<ReturnType<typeof connected>>;
let watched: Watched;
let prefix: string;
let store: RedisStore;

beforeAll(async () => {
  if (missingRedisServer() !== undefined && process.env["CI"] !== "true") return;
  server = await RedisServer.start();
  atEnd(() => server.stop());
  client = await connected(server.url);
});

beforeEach(async () => {
  watched = new Watched(client);
  prefix = newPrefix();
  store = newStore(watched, prefix);
  // The script is known from here on, as it is to a server that runs.
  if (client !== undefined) await Promise.all([store.delete(handle(0)), store.delete(handle(1))]);
});

function handles(count: number): string[] {
  return Array.from({ length: count }, (_, number) => handle(number));
}

function saveAll(keys: readonly string[], fields = {}): Promise<boolean[]> {
  return Promise.all(keys.map((key) => store.save(key, record({ data: key, ...fields }))));
}

orSkip(describe, missingRedisServer())("in a batch", () => {
  test("a record that is none fails its own call and no other", async () => {
    await saveAll(handles(4));
    await client.sendCommand(["DEL", `${prefix}${handle(1)}`]);
    await client.sendCommand(["RPUSH", `${prefix}${handle(1)}`, "one"]);
    await client.sendCommand(["SET", `${prefix}${handle(2)}`, "hello"]);
    const saving = handles(4).map((key) => store.save(key, record({ revision: 2 })));
    const corrupt = expect.objectContaining({ code: "RECORD_CORRUPT" });
    expect(await Promise.allSettled(saving)).toEqual([
      { status: "fulfilled", value: true },
      { status: "rejected", reason: corrupt },
      { status: "rejected", reason: corrupt },
      { status: "fulfilled", value: true },
    ]);
    expect(await store.load(handle(3))).toMatchObject({ revision: 2 });
  });

  test("that the server is a replica now is an error of the command, which a client acts on", async () => {
    await saveAll(handles(2));
    await client.sendCommand(["REPLICAOF", "127.0.0.1", "1"]);
    try {
      const failed = await Promise.allSettled([
        store.save(handle(0), record({ revision: 2 })),
        store.delete(handle(1), 7),
        store.delete(handle(1)),
      ]);
      const reason = expect.objectContaining({
        code: "STORE_UNAVAILABLE",
        message: expect.stringContaining("is a replica"),
      });
      expect(failed).toEqual(Array(3).fill({ status: "rejected", reason }));
    } finally {
      await client.sendCommand(["REPLICAOF", "NO", "ONE"]);
    }
    expect(await store.load(handle(1))).toMatchObject({ revision: 1 });
  });

  test("what the server will not take fails its own call and no other", async () => {
    const [one, wrong, other] = await Promise.allSettled([
      store.save(handle(1), record()),
      store.save(handle(2), record({ expiresAt: Number.NaN })),
      store.save(handle(3), record()),
    ]);
    expect([one, other]).toEqual(Array(2).fill({ status: "fulfilled", value: true }));
    expect(wrong).toMatchObject({
      reason: {
        code: "STORE_UNAVAILABLE",
        message: expect.stringContaining("Redis refused to write."),
        cause: expect.objectContaining({ message: expect.stringMatching(/^ERR /) }),
      },
    });
  });

  test("a script that the server has forgotten is sent again, and nothing is done twice", async () => {
    await client.sendCommand(["SCRIPT", "FLUSH"]);
    let saved: boolean[] = [];
    const sent = await watched.during(async () => {
      saved = await saveAll(handles(3));
    });
    expect(sent).toEqual(["EVALSHA 3", "EVAL 3"]);
    expect(saved).toEqual([true, true, true]);
  });

  test("a connection that is lost leaves the outcome of all unknown", async () => {
    watched.instead = () => Promise.reject(new Error("Socket closed unexpectedly"));
    const saves = handles(3).map((key) => rejection(store.save(key, record())));
    for (const error of await Promise.all(saves)) {
      expect(error).toMatchObject({
        code: "STORE_UNAVAILABLE",
        message: expect.stringContaining("outcome is unknown"),
      });
    }
  });

  test("an answer that is not one to each leaves the outcome of all unknown", async () => {
    watched.instead = async () => [1];
    const saves = handles(3).map((key) => rejection(store.save(key, record())));
    for (const error of await Promise.all(saves)) {
      expect(error).toMatchObject({ message: expect.stringContaining("outcome is unknown") });
    }
  });

  test("a proxy before many servers is asked for each by itself from then on", async () => {
    const apart = new Error("CROSSSLOT Keys in request don't hash to the same slot");
    watched.instead = (command) =>
      /^(MGET|EVALSHA [^1]|EVALSHA 1.)/.test(`${command[0]} ${command[2]}`)
        ? Promise.reject(apart)
        : undefined;
    const both = handles(2);
    const sent = await watched.during(async () => {
      expect(await saveAll(both)).toEqual([true, true]);
      expect(await saveAll(both)).toEqual([false, false]);
      const loaded = await Promise.all(both.map((key) => store.load(key)));
      expect(loaded.map((each) => each?.data)).toEqual(both);
    });
    expect(sent).toEqual(["EVALSHA 2", ...Array(4).fill("SET 1"), "MGET 2", "GET 1", "GET 1"]);
  });

  test("what was lost on the way is not sent again because another batch was refused as one", async () => {
    let refuse = (_: Error) => {};
    let lose = (_: Error) => {};
    const replies = [
      new Promise((_, reject) => {
        refuse = reject;
      }),
      new Promise((_, reject) => {
        lose = reject;
      }),
    ];
    watched.instead = () => replies.shift();
    const refused = saveAll([handle(1), handle(2)]);
    await new Promise((resolve) => setImmediate(resolve));
    const lost = [3, 4].map((number) => rejection(store.save(handle(number), record())));
    await new Promise((resolve) => setImmediate(resolve));
    refuse(new Error("CROSSSLOT Keys in request don't hash to the same slot"));
    expect(await refused).toEqual([true, true]);
    lose(new Error("Socket closed unexpectedly"));
    for (const error of await Promise.all(lost)) {
      expect(error).toMatchObject({ message: expect.stringContaining("outcome is unknown") });
    }
    expect(await store.load(handle(3))).toBeUndefined();
  });

  test("saves whose answer is lost all reject, say that their outcome is unknown, and have happened", async () => {
    const proxy = await TcpProxy.before(server);
    atEnd(() => proxy.close());
    const behind = newStore(await connected(`redis://${proxy.host}:${proxy.port}`), prefix);
    await saveAll(handles(3));
    proxy.loseReply();
    const saves = handles(3).map((key) => rejection(behind.save(key, record({ revision: 2 }))));
    for (const error of await Promise.all(saves)) {
      expect(error).toMatchObject({
        code: "STORE_UNAVAILABLE",
        message: expect.stringContaining("outcome is unknown"),
      });
    }
    const loaded = await Promise.all(handles(3).map((key) => store.load(key)));
    expect(loaded.map((each) => each?.revision)).toEqual([2, 2, 2]);
  });

  test("a full server refuses each save, which says what to do, and ends what is to end", async () => {
    await saveAll(handles(2));
    await client.sendCommand(["CONFIG", "SET", "maxmemory", "1"]);
    const outcomes = await Promise.allSettled([
      store.save(handle(2), record()),
      store.save(handle(0), record({ revision: 2 })),
      store.delete(handle(1), 1),
    ]);
    await client.sendCommand(["CONFIG", "SET", "maxmemory", "0"]);
    const refused = expect.objectContaining({
      code: "STORE_UNAVAILABLE",
      message: expect.stringContaining("maxmemory"),
    });
    expect(outcomes).toEqual([
      { status: "rejected", reason: refused },
      { status: "rejected", reason: refused },
      { status: "fulfilled", value: true },
    ]);
    expect(await store.load(handle(0))).toMatchObject({ revision: 1 });
  });
});
