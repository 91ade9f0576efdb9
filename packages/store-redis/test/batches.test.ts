import { beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { RedisStore } from "@sess/store-redis";
import { missingRedis, openRedis, orSkip } from "@sess/test-servers";
import { atEnd, collect, connected, handle, newPrefix, newStore, record } from "./scratch.ts";
import { Watched } from "./watched.ts";

let client: Awaited<ReturnType<typeof connected>>;
let watched: Watched;
let store: RedisStore;

beforeAll(async () => {
  const { url, stop } = await openRedis();
  atEnd(stop);
  client = await connected(url);
});

beforeEach(async () => {
  watched = new Watched(client);
  store = newStore(watched);
  if (client === undefined) return;
  // The scripts are known from here on, as they are to a server that runs.
  await Promise.all([store.touch(handle(0), 1), store.delete(handle(0), 1)]);
  await store.save(handle(0), record({ revision: 2 }));
});

function handles(count: number): string[] {
  return Array.from({ length: count }, (_, number) => handle(number));
}

function saveAll(keys: readonly string[], fields = {}): Promise<boolean[]> {
  return Promise.all(keys.map((key) => store.save(key, record({ data: key, ...fields }))));
}

function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

orSkip(describe, missingRedis())("a call alone is one command:", () => {
  test.each([
    ["a first save", "SET 1", () => store.save(handle(2), record())],
    ["a later save", "EVALSHA 1", () => store.save(handle(1), record({ revision: 2 }))],
    ["a load", "GET 1", () => store.load(handle(1))],
    ["a delete", "DEL 1", () => store.delete(handle(1))],
  ])("%s", async (_, command, call) => {
    await store.save(handle(1), record());
    expect(await watched.during(call)).toEqual([command]);
  });

  test("and waits for nothing but the microtasks of its turn", async () => {
    const before = watched.sent.length;
    const loading = store.load(handle(1));
    await new Promise((resolve) => process.nextTick(resolve));
    expect(watched.sent.length).toBe(before + 1);
    await loading;
  });
});

orSkip(describe, missingRedis())("calls of one turn go out together:", () => {
  test("loads, each answered by its own record or by none", async () => {
    await saveAll(handles(50));
    const keys = handles(60);
    let loaded: unknown[] = [];
    const sent = await watched.during(async () => {
      loaded = await Promise.all(keys.map(async (key) => (await store.load(key))?.data));
    });
    expect(sent).toEqual(["MGET 60", "EXISTS 10"]);
    expect(loaded).toEqual(keys.map((key, index) => (index < 50 ? key : undefined)));
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
    const found = await Promise.all(handles(10).map((key) => store.load(key)));
    expect(found.map((each) => each?.revision)).toEqual([
      ...[2, 1, 2, 1, 1],
      ...[undefined, 1, undefined, 1, 1],
    ]);
    expect([0, 2, 3, 9].map((number) => found[number]?.expiresAt)).toEqual(
      Array(4).fill(expiresAt),
    );
    expect(found[8]).toMatchObject({ owner: "ada", expiresAt: expiresAt + 1 });
    const bobs = await collect(store.list("bob"));
    expect(bobs.map(([key]) => key).sort()).toEqual([handle(2), handle(9)]);
  });

  test("a touch beyond what its owner's index vouches for, beside others", async () => {
    const first = record({ owner: "ada" });
    await Promise.all([store.save(handle(1), first), store.save(handle(2), record())]);
    const expiresAt = first.expiresAt + 40 * 86_400_000;
    const touched = [1, 2].map((number) => store.touch(handle(number), expiresAt, 1));
    expect(await Promise.all(touched)).toEqual([true, true]);
    expect(await store.load(handle(1))).toEqual({ ...first, expiresAt });
    expect(await store.load(handle(2))).toMatchObject({ expiresAt });
    expect(await collect(store.list("ada"))).toHaveLength(1);
  });

  test("and those of the next turn do not wait for their answers", async () => {
    let answer = () => {};
    const held = new Promise<null>((resolve) => {
      answer = () => resolve(null);
    });
    watched.instead = () => held;
    const before = watched.sent.length;
    const loads = [store.load(handle(1))];
    await turn();
    loads.push(store.load(handle(2)));
    await turn();
    expect(watched.sent.length).toBe(before + 2);
    answer();
    expect(await Promise.all(loads)).toEqual([undefined, undefined]);
  });

  test("while the server is busy, those of all sockets that had data", async () => {
    const before = watched.sent.length;
    const loads = [store.load(handle(1))];
    await new Promise((resolve) => process.nextTick(resolve));
    // Each as what came of one socket: with microtasks and ticks of its own.
    for (const number of [2, 3]) {
      await new Promise((resolve) => process.nextTick(resolve));
      loads.push(store.load(handle(number)));
    }
    await Promise.all(loads);
    expect(watched.sent.slice(before, before + 2).map(([name]) => name)).toEqual(["GET", "MGET"]);
  });

  test("but never those of two prefixes", async () => {
    const other = newStore(watched, newPrefix());
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

orSkip(describe, missingRedis())("a batch is bounded:", () => {
  test("by how many calls it is of", async () => {
    const sent = await watched.during(() => saveAll(handles(300)));
    expect(sent).toEqual(["EVALSHA 128", "EVALSHA 128", "EVALSHA 44"]);
  });

  test("by how much text it carries; what is larger goes alone", async () => {
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
