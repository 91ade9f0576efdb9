import { beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { RedisStore } from "@sess/store-redis";
import { missingRedis, openRedis, orSkip } from "@sess/test-servers";
import { afterTests, handle, record } from "@sess/test-support";
import { connected, newStore } from "./support/stores.ts";

let client: Awaited<ReturnType<typeof connected>>;
let store: RedisStore;

beforeAll(async () => {
  const { url, stop } = await openRedis();
  afterTests(stop);
  client = await connected(url);
});

beforeEach(() => {
  store = newStore(client);
});

orSkip(describe, missingRedis())("calls that are asked for at once keep their order:", () => {
  test("of two saves of one revision the first is written", async () => {
    const saved = ["first", "second"].map((data) => store.save(handle(0), record({ data })));
    expect(await Promise.all(saved)).toEqual([true, false]);
    expect((await store.load(handle(0)))?.data).toBe("first");
  });

  test("revisions one after the other are all written", async () => {
    const revisions = Array.from({ length: 20 }, (_, index) => index + 1);
    const saved = revisions.map((revision) => store.save(handle(0), record({ revision })));
    expect(await Promise.all(saved)).toEqual(revisions.map(() => true));
  });

  test("revisions are all written although one is too large to go with the others", async () => {
    const data = "x".repeat(70_000);
    const saved = [1, 2, 3, 4].map((revision) =>
      store.save(handle(0), record({ revision, ...(revision === 2 ? { data } : {}) })),
    );
    expect(await Promise.all(saved)).toEqual([true, true, true, true]);
  });

  test("a load sees the save before it", async () => {
    const first = store.load(handle(1));
    const saved = store.save(handle(0), record());
    const loaded = store.load(handle(0));
    expect(await Promise.all([first, saved])).toEqual([undefined, true]);
    expect(await loaded).toMatchObject({ revision: 1 });
  });

  test("neither a save nor a load behind a delete finds the session", async () => {
    await store.save(handle(0), record());
    const outcomes = await Promise.all([
      store.delete(handle(0)),
      store.save(handle(0), record({ revision: 2 })),
      store.load(handle(0)),
    ]);
    expect(outcomes).toEqual([true, false, undefined]);
  });
});
