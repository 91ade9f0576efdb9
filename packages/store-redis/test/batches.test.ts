import { beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { RedisStore } from "@sess/store-redis";
import { missingRedis, openRedis, orSkip } from "@sess/test-servers";
import { afterTests, collect, handle, handles, record } from "@sess/test-support";
import { connected, newPrefix, newStore, useScripts } from "./support/stores.ts";
import { WatchedClient } from "./support/watched-client.ts";

let client: Awaited<ReturnType<typeof connected>>;
let watched: WatchedClient;
let store: RedisStore;

beforeAll(async () => {
  const { url, stop } = await openRedis();
  afterTests(stop);
  client = await connected(url);
});

beforeEach(async () => {
  watched = new WatchedClient(client);
  store = newStore(watched);
  await useScripts(store);
});

function saveAll(sessions: readonly string[], fields = {}): Promise<boolean[]> {
  return Promise.all(
    sessions.map((session) => store.save(session, record({ data: session, ...fields }))),
  );
}

const nextTick = () => new Promise((resolve) => process.nextTick(resolve));
const pollPhase = () => new Promise((resolve) => setImmediate(resolve));

orSkip(describe, missingRedis())("a call alone is one command:", () => {
  test.each([
    ["a first save", "SET 1", () => store.save(handle(2), record())],
    ["a later save", "EVALSHA 1", () => store.save(handle(1), record({ revision: 2 }))],
    [
      "a first save with an owner",
      "EVALSHA 2",
      () => store.save(handle(2), record({ owner: "a" })),
    ],
    ["a touch", "EVALSHA 1", () => store.touch(handle(1), Date.now() + 9_000_000, 1)],
    ["a load", "GET 1", () => store.load(handle(1))],
    ["a delete", "EVALSHA 1", () => store.delete(handle(1))],
    ["a delete of a revision", "EVALSHA 1", () => store.delete(handle(1), 1)],
  ])("%s", async (_, command, call) => {
    await store.save(handle(1), record());
    expect(await watched.during(call)).toEqual([command]);
  });

  test("it waits for nothing but the microtasks of its tick", async () => {
    const before = watched.sent.length;
    const loading = store.load(handle(1));
    await nextTick();
    expect(watched.sent.length).toBe(before + 1);
    await loading;
  });
});

orSkip(describe, missingRedis())("calls of one tick go out together:", () => {
  test("loads, each answered with its own record or with none", async () => {
    await saveAll(handles(50));
    let loaded: unknown[] = [];
    const sent = await watched.during(async () => {
      loaded = await Promise.all(handles(60).map(async (each) => (await store.load(each))?.data));
    });
    expect(sent).toEqual(["MGET 60", "EXISTS 10"]);
    expect(loaded).toEqual([...handles(50), ...Array(10).fill(undefined)]);
  });

  test("first saves, of which one that meets a live session is refused alone", async () => {
    await saveAll([handle(3)]);
    let saved: boolean[] = [];
    const sent = await watched.during(async () => {
      saved = await saveAll(handles(10), { data: "later" });
    });
    expect(sent).toEqual(["EVALSHA 10"]);
    expect(saved).toEqual(handles(10).map((_, index) => index !== 3));
    expect((await store.load(handle(3)))?.data).toBe(handle(3));
    expect((await store.load(handle(4)))?.data).toBe("later");
  });

  test("writes of all kinds, with owners and without, each answered for itself", async () => {
    await saveAll(handles(8));
    await store.save(handle(8), record({ owner: "ada" }));
    const expiresAt = Date.now() + 9_000_000;
    let outcomes: boolean[] = [];
    const sent = await watched.during(async () => {
      outcomes = await Promise.all([
        store.save(handle(0), record({ revision: 2, data: "second", expiresAt })),
        store.save(handle(1), record({ revision: 3 })),
        store.save(handle(2), record({ revision: 2, owner: "bob", expiresAt })),
        store.save(handle(9), record({ owner: "bob", expiresAt })),
        store.touch(handle(3), expiresAt, 1),
        store.touch(handle(4), expiresAt, 2),
        store.touch(handle(8), expiresAt + 1),
        store.delete(handle(5), 1),
        store.delete(handle(6), 2),
        store.delete(handle(7)),
        store.delete(handle(99)),
      ]);
    });
    expect(sent).toEqual(["EVALSHA 13"]);
    expect(outcomes).toEqual([
      ...[true, false, true, true],
      ...[true, false, true],
      ...[true, false, true, false],
    ]);
    const found = await Promise.all(handles(10).map((session) => store.load(session)));
    expect(found.map((each) => each?.revision)).toEqual([
      ...[2, 1, 2, 1, 1],
      ...[undefined, 1, undefined, 1, 1],
    ]);
    expect([0, 2, 3, 9].map((number) => found[number]?.expiresAt)).toEqual(
      Array(4).fill(expiresAt),
    );
    expect(found[8]).toMatchObject({ owner: "ada", expiresAt: expiresAt + 1 });
    const bobs = await collect(store.list("bob"));
    expect(bobs.map(([session]) => session).sort()).toEqual([handle(2), handle(9)]);
  });

  test("touches beyond what an owner's index vouches for, beside others", async () => {
    const first = record({ owner: "ada" });
    await Promise.all([store.save(handle(1), first), store.save(handle(2), record())]);
    const expiresAt = first.expiresAt + 40 * 86_400_000;
    const touched = [1, 2].map((number) => store.touch(handle(number), expiresAt, 1));
    expect(await Promise.all(touched)).toEqual([true, true]);
    expect(await store.load(handle(1))).toEqual({ ...first, expiresAt });
    expect(await store.load(handle(2))).toMatchObject({ expiresAt });
    expect(await collect(store.list("ada"))).toHaveLength(1);
  });

  test("those of the next tick do not wait for their answers", async () => {
    let answer = () => {};
    const held = new Promise<null>((resolve) => {
      answer = () => resolve(null);
    });
    watched.instead = () => held;
    const before = watched.sent.length;
    const loads = [store.load(handle(1))];
    await pollPhase();
    loads.push(store.load(handle(2)));
    await pollPhase();
    expect(watched.sent.length).toBe(before + 2);
    answer();
    expect(await Promise.all(loads)).toEqual([undefined, undefined]);
  });

  test("while the server is busy, those of all sockets that had data", async () => {
    const before = watched.sent.length;
    const loads = [store.load(handle(1))];
    await nextTick();
    // As with data from two sockets: each has microtasks and ticks of its own.
    for (const number of [2, 3]) {
      await nextTick();
      loads.push(store.load(handle(number)));
    }
    await Promise.all(loads);
    expect(watched.sent.slice(before, before + 2).map(([name]) => name)).toEqual(["GET", "MGET"]);
  });

  test("those of two stores do not", async () => {
    const other = newStore(watched, newPrefix());
    await useScripts(other);
    let loaded: unknown[] = [];
    const sent = await watched.during(async () => {
      await Promise.all([store.save(handle(1), record()), other.save(handle(2), record())]);
      loaded = await Promise.all([
        store.load(handle(1)),
        other.load(handle(1)),
        store.load(handle(2)),
        other.load(handle(2)),
      ]);
    });
    expect(sent).toEqual(["SET 1", "SET 1", "MGET 2", "MGET 2", "EXISTS 1", "EXISTS 1"]);
    expect(loaded.map((each) => each !== undefined)).toEqual([true, false, false, true]);
  });
});

orSkip(describe, missingRedis())("a batch is bounded", () => {
  test("in how many calls it takes", async () => {
    const sent = await watched.during(() => saveAll(handles(300)));
    expect(sent).toEqual(["EVALSHA 128", "EVALSHA 128", "EVALSHA 44"]);
  });

  test("in how much text it takes; a larger call goes alone", async () => {
    const sizes = [40_000, 20_000, 20_000, 70_000, 100, 100];
    const sent = await watched.during(() =>
      Promise.all(
        sizes.map((size, number) => store.save(handle(number), record({ data: "x".repeat(size) }))),
      ),
    );
    expect(sent).toEqual(["EVALSHA 2", "SET 1", "SET 1", "EVALSHA 2"]);
    expect(await collect(store.list())).toHaveLength(6);
  });
});
