import { beforeAll, describe, expect, test } from "@jest/globals";
import type { RedisStore } from "@sess/store-redis";
import { missingRedis, openRedis, orSkip, TcpProxy } from "@sess/test-servers";
import { atEnd, connected, handle, newStore, record } from "./scratch.ts";

let proxy: TcpProxy;
let store: RedisStore;
let calls: () => Promise<string[]>;

beforeAll(async () => {
  const { url, stop } = await openRedis();
  atEnd(stop);
  const { hostname, port } = new URL(url);
  proxy = await TcpProxy.before({ host: hostname, port: Number(port) });
  atEnd(() => proxy.close());
  store = newStore(await connected(`redis://${proxy.host}:${proxy.port}`));
  const watching = await connected(url);
  // The scripts are known from here on, as they are to a server that runs.
  await store.save(handle(0), record());
  await store.save(handle(0), record({ revision: 2 }));
  await store.save(handle(1), record({ owner: "ada" }));
  await store.touch(handle(1), Date.now() + 3_600_001);
  await store.delete(handle(1), 2);
  calls = async () => {
    const stats = String(await watching.sendCommand(["INFO", "commandstats"]));
    await watching.sendCommand(["CONFIG", "RESETSTAT"]);
    return [...stats.matchAll(/^cmdstat_(get|mget|evalsha|eval):calls=(\d+)/gm)].map(
      ([, name, count]) => `${name} ${count}`,
    );
  };
});

/** How many round trips `task` takes. */
async function trips(task: () => Promise<unknown>): Promise<number> {
  await calls();
  const before = proxy.turns;
  await task();
  return proxy.turns - before;
}

orSkip(describe, missingRedis())("one round trip", () => {
  test.each([{}, { owner: "ada" }])(
    "for each save, touch, load and delete of %p",
    async (fields) => {
      const key = handle(Object.keys(fields).length + 10);
      const first = record(fields);
      const { expiresAt } = first;
      expect(await trips(() => store.save(key, first))).toBe(1);
      expect(await trips(() => store.save(key, { ...first, revision: 2 }))).toBe(1);
      expect(await trips(() => store.touch(key, expiresAt + 360_000))).toBe(1);
      expect(await trips(() => store.load(key))).toBe(1);
      expect(await calls()).toEqual(["get 1"]);
      expect(await trips(() => store.delete(key, 2))).toBe(1);
      expect(await trips(() => store.delete(key))).toBe(1);
      expect(await trips(() => store.load(key))).toBe(1);
    },
  );

  test("for all loads of one turn, however many layers they come through", async () => {
    const keys = Array.from({ length: 64 }, (_, index) => handle(100 + index));
    await Promise.all(keys.map((key) => store.save(key, record({ data: key }))));
    const load = async (key: string) => {
      for (let layer = 0; layer < 10; layer += 1) await undefined;
      return store.load(key);
    };
    let loaded: unknown[] = [];
    const all = async () => {
      loaded = await Promise.all(keys.map(load));
    };
    expect(await trips(all)).toBe(1);
    expect(await calls()).toEqual(["mget 1"]);
    expect(loaded).toEqual(keys.map((data) => expect.objectContaining({ data })));
  });

  test("many loads are read in pieces, so that they do not hold up the server", async () => {
    const keys = Array.from({ length: 300 }, (_, index) => handle(1_000 + index));
    await Promise.all(keys.map((key) => store.save(key, record({ data: key }))));
    await calls();
    const loaded = await Promise.all(keys.map((key) => store.load(key)));
    expect(await calls()).toEqual(["mget 3"]);
    expect(loaded.map((each) => each?.data)).toEqual(keys);
  });

  test("loads of one key at a time each get a record of their own", async () => {
    await store.save(handle(1), record());
    const [one, other] = await Promise.all([store.load(handle(1)), store.load(handle(1))]);
    expect(one).toEqual(other);
    expect(one).not.toBe(other);
  });

  test("one that is missing among others is missing", async () => {
    await store.save(handle(2), record());
    const loaded = await Promise.all([store.load(handle(9_999)), store.load(handle(2))]);
    expect(loaded).toEqual([undefined, expect.objectContaining({ revision: 1 })]);
  });
});
