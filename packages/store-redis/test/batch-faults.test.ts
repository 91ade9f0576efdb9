import { beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { RedisStore } from "@sess/store-redis";
import { missingRedisServer, orSkip, RedisServer, TcpProxy } from "@sess/test-servers";
import { afterTests, collect, handle, handles, record, rejection } from "@sess/test-support";
import {
  connected,
  fulfilledWith,
  newPrefix,
  newStore,
  rejectedWith,
  useScripts,
} from "./support/stores.ts";
import { WatchedClient } from "./support/watched-client.ts";

let server: RedisServer;
let client: Awaited<ReturnType<typeof connected>>;
let watched: WatchedClient;
let prefix: string;
let store: RedisStore;

beforeAll(async () => {
  server = await RedisServer.start();
  afterTests(() => server.stop());
  client = await connected(server.url);
});

beforeEach(async () => {
  watched = new WatchedClient(client);
  prefix = newPrefix();
  store = newStore(watched, prefix);
  await useScripts(store);
});

function saveAll(sessions: readonly string[], fields = {}): Promise<boolean[]> {
  return Promise.all(
    sessions.map((session) => store.save(session, record({ data: session, ...fields }))),
  );
}

const pollPhase = () => new Promise((resolve) => setImmediate(resolve));

const corrupt = expect.objectContaining({ code: "RECORD_CORRUPT" });

function unavailable(message: string): unknown {
  return expect.objectContaining({
    code: "STORE_UNAVAILABLE",
    message: expect.stringContaining(message),
  });
}

orSkip(describe, missingRedisServer())("in a batch", () => {
  test("what is no record fails its own save and no other", async () => {
    await saveAll(handles(4));
    await client.sendCommand(["DEL", `${prefix}${handle(1)}`]);
    await client.sendCommand(["RPUSH", `${prefix}${handle(1)}`, "one"]);
    await client.sendCommand(["SET", `${prefix}${handle(2)}`, "hello"]);
    const saving = handles(4).map((session) => store.save(session, record({ revision: 2 })));
    expect(await Promise.allSettled(saving)).toEqual([
      fulfilledWith(true),
      rejectedWith(corrupt),
      rejectedWith(corrupt),
      fulfilledWith(true),
    ]);
    expect(await store.load(handle(3))).toMatchObject({ revision: 2 });
  });

  test("what the server does not take fails its own save and no other", async () => {
    const outcomes = await Promise.allSettled([
      store.save(handle(1), record()),
      store.save(handle(2), record({ expiresAt: Number.NaN })),
      store.save(handle(3), record()),
    ]);
    const refused = unavailable("Nothing was written to Redis.");
    expect(outcomes).toEqual([fulfilledWith(true), rejectedWith(refused), fulfilledWith(true)]);
    expect(outcomes[1]).toMatchObject({ reason: { cause: { message: /^ERR / } } });
  });

  test("READONLY is an error of the whole command, so that clients act on it", async () => {
    await saveAll(handles(2));
    await client.sendCommand(["REPLICAOF", "127.0.0.1", "1"]);
    const errors: unknown[] = [];
    watched.instead = (command) =>
      client.sendCommand(command).catch((error: unknown) => {
        errors.push(error);
        throw error;
      });
    try {
      const failed = await Promise.allSettled([
        store.save(handle(0), record({ revision: 2 })),
        store.delete(handle(1), 7),
        store.delete(handle(1)),
      ]);
      expect(failed).toEqual(Array(3).fill(rejectedWith(unavailable("is a replica"))));
      expect(errors).toEqual([
        expect.objectContaining({ message: expect.stringMatching(/^READONLY /) }),
      ]);
    } finally {
      await client.sendCommand(["REPLICAOF", "NO", "ONE"]);
    }
    expect(await store.load(handle(1))).toMatchObject({ revision: 1 });
  });

  test("a full server refuses each save and ends what is to end", async () => {
    await saveAll(handles(2));
    await client.sendCommand(["CONFIG", "SET", "maxmemory", "1"]);
    const outcomes = await Promise.allSettled([
      store.save(handle(2), record()),
      store.save(handle(0), record({ revision: 2 })),
      store.delete(handle(1), 1),
    ]);
    await client.sendCommand(["CONFIG", "SET", "maxmemory", "0"]);
    const refused = rejectedWith(unavailable("maxmemory"));
    expect(outcomes).toEqual([refused, refused, fulfilledWith(true)]);
    expect(await store.load(handle(0))).toMatchObject({ revision: 1 });
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
});

orSkip(describe, missingRedisServer())("the outcome of each save of a batch is unknown", () => {
  const unknown = unavailable("unknown outcome");

  test("when the connection is lost", async () => {
    watched.instead = () => Promise.reject(new Error("Socket closed unexpectedly"));
    const saves = handles(3).map((session) => rejection(store.save(session, record())));
    expect(await Promise.all(saves)).toEqual([unknown, unknown, unknown]);
  });

  test("when there is not an answer to each", async () => {
    watched.instead = async () => [1];
    const saves = handles(3).map((session) => rejection(store.save(session, record())));
    expect(await Promise.all(saves)).toEqual([unknown, unknown, unknown]);
  });

  test("when the answer is lost, and then they have happened", async () => {
    const proxy = await TcpProxy.before(server);
    afterTests(() => proxy.close());
    const behind = newStore(await connected(`redis://${proxy.host}:${proxy.port}`), prefix);
    await saveAll(handles(3));
    proxy.loseReply();
    const saves = handles(3).map((session) =>
      rejection(behind.save(session, record({ revision: 2 }))),
    );
    expect(await Promise.all(saves)).toEqual([unknown, unknown, unknown]);
    const loaded = await Promise.all(handles(3).map((session) => store.load(session)));
    expect(loaded.map((each) => each?.revision)).toEqual([2, 2, 2]);
  });
});

orSkip(describe, missingRedisServer())("a proxy in front of a cluster", () => {
  const CROSSSLOT = "CROSSSLOT Keys in request don't hash to the same slot";

  /** Refuses commands about several keys, as such a proxy does. */
  function refuseSeveralKeys(): void {
    watched.instead = ([name = "", ...args]) => {
      const count = name === "MGET" ? args.length : Number(name.startsWith("EVAL") && args[1]);
      return count > 1 ? Promise.reject(new Error(CROSSSLOT)) : undefined;
    };
  }

  test("is asked for each session by itself from its first refusal on", async () => {
    refuseSeveralKeys();
    const sent = await watched.during(async () => {
      expect(await saveAll(handles(2))).toEqual([true, true]);
      expect(await saveAll(handles(2))).toEqual([false, false]);
      const loaded = await Promise.all(handles(2).map((session) => store.load(session)));
      expect(loaded.map((each) => each?.data)).toEqual(handles(2));
    });
    expect(sent).toEqual(["EVALSHA 2", ...Array(4).fill("SET 1"), "GET 1", "GET 1"]);
  });

  test("is asked for each session by itself when it refuses loads", async () => {
    await saveAll(handles(2));
    refuseSeveralKeys();
    const sent = await watched.during(async () => {
      const loaded = await Promise.all(handles(3).map((session) => store.load(session)));
      expect(loaded.map((each) => each?.data)).toEqual([...handles(2), undefined]);
    });
    expect(sent).toEqual(["MGET 3", "GET 1", "GET 1", "GET 1"]);
  });

  test("has the index of an owner written before the session", async () => {
    refuseSeveralKeys();
    const first = record({ owner: "ada" });
    const sent = await watched.during(async () => {
      expect(await store.save(handle(1), first)).toBe(true);
      expect(await store.save(handle(1), { ...first, revision: 2 })).toBe(true);
    });
    // Refused with both keys; without the index; the index; the session. Later the session alone.
    expect(sent).toEqual(["EVALSHA 2", "EVALSHA 1", "EVAL 1", "EVALSHA 1", "EVALSHA 1"]);
    const listed = await collect(store.list("ada"));
    expect(listed).toEqual([[handle(1), { ...first, revision: 2 }]]);
  });

  test("does not make a batch be sent again that was lost on the way", async () => {
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
    await pollPhase();
    const lost = [3, 4].map((number) => rejection(store.save(handle(number), record())));
    await pollPhase();
    refuse(new Error(CROSSSLOT));
    expect(await refused).toEqual([true, true]);
    lose(new Error("Socket closed unexpectedly"));
    expect(await Promise.all(lost)).toEqual(Array(2).fill(unavailable("unknown outcome")));
    expect(await store.load(handle(3))).toBeUndefined();
  });
});
