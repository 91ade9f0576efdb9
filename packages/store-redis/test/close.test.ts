import { beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { RedisStore } from "@sess/store-redis";
import { missingRedis, openRedis, orSkip } from "@sess/test-servers";
import { afterTests, expectCode, handle, handles, isPending, record } from "@sess/test-support";
import { connected, newPrefix, newStore } from "./support/stores.ts";
import { WatchedClient } from "./support/watched-client.ts";

let client: Awaited<ReturnType<typeof connected>>;
let prefix: string;
let store: RedisStore;

beforeAll(async () => {
  const { url, stop } = await openRedis();
  afterTests(stop);
  client = await connected(url);
});

beforeEach(() => {
  prefix = newPrefix();
  store = newStore(client, prefix);
});

orSkip(describe, missingRedis())("closing a store", () => {
  test("waits for the calls under way, and they succeed", async () => {
    let settled = 0;
    const saves = handles(20).map(async (session) => {
      const isSaved = await store.save(session, record());
      settled += 1;
      return isSaved;
    });
    await store.close();
    expect(settled).toBe(20);
    expect(await Promise.all(saves)).toEqual(Array(20).fill(true));
    const other = newStore(client, prefix);
    expect(await other.load(handle(19))).toMatchObject({ revision: 1 });
  });

  test("waits for a touch with all of its steps", async () => {
    const first = record({ owner: "ada" });
    await store.save(handle(1), first);
    const expiresAt = first.expiresAt + 40 * 86_400_000;
    const touching = store.touch(handle(1), expiresAt);
    await store.close();
    expect(await touching).toBe(true);
    expect(await newStore(client, prefix).load(handle(1))).toMatchObject({ expiresAt });
  });

  test("waits for a save whose answer is late, and also the second time", async () => {
    let answer = () => {};
    const watched = new WatchedClient(client);
    watched.instead = () =>
      new Promise((resolve) => {
        answer = () => resolve([1, Date.now()]);
      });
    const late = newStore(watched);
    const saving = late.save(handle(1), record());
    const closing = late.close();
    const closingAgain = late.close();
    expect(await isPending(closing)).toBe(true);
    expect(await isPending(closingAgain)).toBe(true);
    answer();
    await Promise.all([closing, closingAgain]);
    expect(await saving).toBe(true);
  });

  test("refuses later calls", async () => {
    await store.close();
    await expectCode(store.load(handle(1)), "STORE_CLOSED");
    await expectCode(store.save(handle(1), record()), "STORE_CLOSED");
    await expectCode(store.touch(handle(1), Date.now() + 1_000), "STORE_CLOSED");
    await expectCode(store.delete(handle(1)), "STORE_CLOSED");
    await expectCode(store.list().next(), "STORE_CLOSED");
  });

  test("ends a listing at its next page", async () => {
    await Promise.all(handles(300).map((session) => store.save(session, record({ owner: "ada" }))));
    const listing = store.list("ada");
    await listing.next();
    await store.close();
    const rest = async () => {
      for await (const [session] of listing) expect(session).toBeDefined();
    };
    await expectCode(rest, "STORE_CLOSED");
  });

  test("leaves the client open, also at the end of a block", async () => {
    {
      await using inner = newStore(client, prefix);
      await inner.save(handle(1), record());
      store = inner;
    }
    await expectCode(store.load(handle(1)), "STORE_CLOSED");
    expect(await newStore(client, prefix).load(handle(1))).toMatchObject({ revision: 1 });
  });
});
