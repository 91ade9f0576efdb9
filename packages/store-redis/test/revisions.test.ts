import { beforeAll, expect, test } from "@jest/globals";
import type { RedisStore } from "@sess/store-redis";
import { missingRedis, openRedis, orSkip } from "@sess/test-servers";
import { atEnd, connected, handle, newStore, record } from "./scratch.ts";

let store: RedisStore;

beforeAll(async () => {
  const { url, stop } = await openRedis();
  atEnd(stop);
  store = newStore(await connected(url));
});

// Revisions are stored to the base of 36, where 36 is "10" and so begins like 1.
orSkip(test, missingRedis()).each([{}, { owner: "ada" }])(
  `of %p revision 36, stored as "10", is not taken for revision 1, stored as "1"`,
  async (fields) => {
    const key = handle(1);
    await store.delete(key);
    for (let revision = 1; revision <= 36; revision += 1) {
      expect(await store.save(key, record({ ...fields, revision }))).toBe(true);
    }
    expect(await store.save(key, record({ ...fields, revision: 2 }))).toBe(false);
    expect(await store.touch(key, Date.now() + 9_000_000, 1)).toBe(false);
    expect(await store.delete(key, 1)).toBe(false);
    expect(await store.load(key)).toMatchObject({ revision: 36 });
  },
);
