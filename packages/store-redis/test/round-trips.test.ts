import { beforeAll, describe, expect, test } from "@jest/globals";
import type { RedisStore } from "@sess/store-redis";
import { missingRedis, openRedis, orSkip, TcpProxy } from "@sess/test-servers";
import { afterTests, handle, handles, record } from "@sess/test-support";
import { connected, newStore, useScripts } from "./support/stores.ts";

let proxy: TcpProxy;
let store: RedisStore;
/** The commands that the server has carried out since the last call, and how often. */
let commands: () => Promise<string[]>;

beforeAll(async () => {
  const { url, stop } = await openRedis();
  afterTests(stop);
  const { hostname, port } = new URL(url);
  proxy = await TcpProxy.before({ host: hostname, port: Number(port) });
  afterTests(() => proxy.close());
  store = newStore(await connected(`redis://${proxy.host}:${proxy.port}`));
  const watching = await connected(url);
  await useScripts(store);
  commands = async () => {
    const stats = String(await watching.sendCommand(["INFO", "commandstats"]));
    await watching.sendCommand(["CONFIG", "RESETSTAT"]);
    return [...stats.matchAll(/^cmdstat_(get|mget|evalsha|eval):calls=(\d+)/gm)].map(
      ([, name, count]) => `${name} ${count}`,
    );
  };
});

/** How many round trips `task` takes. */
async function roundTrips(task: () => Promise<unknown>): Promise<number> {
  await commands();
  const before = proxy.roundTrips;
  await task();
  return proxy.roundTrips - before;
}

orSkip(describe, missingRedis())("one round trip is enough", () => {
  test.each([{}, { owner: "ada" }])(
    "for each save, touch, load and delete of %p",
    async (fields) => {
      const session = handle(Object.keys(fields).length + 10);
      const first = record(fields);
      const { expiresAt } = first;
      expect(await roundTrips(() => store.save(session, first))).toBe(1);
      expect(await roundTrips(() => store.save(session, { ...first, revision: 2 }))).toBe(1);
      expect(await roundTrips(() => store.touch(session, expiresAt + 360_000))).toBe(1);
      expect(await roundTrips(() => store.load(session))).toBe(1);
      expect(await commands()).toEqual(["get 1"]);
      expect(await roundTrips(() => store.delete(session, 2))).toBe(1);
      expect(await roundTrips(() => store.delete(session))).toBe(1);
      expect(await roundTrips(() => store.load(session))).toBe(1);
    },
  );

  test("for all loads of one tick, however many layers they come through", async () => {
    const sessions = handles(64, 100);
    await Promise.all(sessions.map((session) => store.save(session, record({ data: session }))));
    const load = async (session: string) => {
      for (let layer = 0; layer < 10; layer += 1) await undefined;
      return store.load(session);
    };
    let loaded: unknown[] = [];
    const all = async () => {
      loaded = await Promise.all(sessions.map(load));
    };
    expect(await roundTrips(all)).toBe(1);
    expect(await commands()).toEqual(["mget 1"]);
    expect(loaded).toEqual(sessions.map((data) => expect.objectContaining({ data })));
  });
});

orSkip(describe, missingRedis())("loads that go out together", () => {
  test("are read in pieces, so that they do not hold up the server", async () => {
    const sessions = handles(300, 1_000);
    await Promise.all(sessions.map((session) => store.save(session, record({ data: session }))));
    await commands();
    const loaded = await Promise.all(sessions.map((session) => store.load(session)));
    expect(await commands()).toEqual(["mget 3"]);
    expect(loaded.map((each) => each?.data)).toEqual(sessions);
  });

  test("get a record of their own each, also of one session", async () => {
    await store.save(handle(1), record());
    const [one, other] = await Promise.all([store.load(handle(1)), store.load(handle(1))]);
    expect(one).toEqual(other);
    expect(one).not.toBe(other);
  });

  test("find nothing where nothing is, and the others", async () => {
    await store.save(handle(2), record());
    const loaded = await Promise.all([store.load(handle(9_999)), store.load(handle(2))]);
    expect(loaded).toEqual([undefined, expect.objectContaining({ revision: 1 })]);
  });
});
