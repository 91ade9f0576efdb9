import { beforeAll, expect, test } from "@jest/globals";
import type { RedisStore } from "@sess/store-redis";
import { missingRedis, openRedis, orSkip } from "@sess/test-servers";
import { afterTests, handle, record } from "@sess/test-support";
import { connected, newStore } from "./support/stores.ts";

let store: RedisStore;

beforeAll(async () => {
  const { url, stop } = await openRedis();
  afterTests(stop);
  store = newStore(await connected(url));
});

orSkip(test, missingRedis()).each([{}, { owner: "ada" }])(
  `revision 36 of %p, which is stored as "10", does not pass for revision 1`,
  async (fields) => {
    const session = handle(1);
    await store.delete(session);
    for (let revision = 1; revision <= 36; revision += 1) {
      expect(await store.save(session, record({ ...fields, revision }))).toBe(true);
    }
    expect(await store.save(session, record({ ...fields, revision: 2 }))).toBe(false);
    expect(await store.touch(session, Date.now() + 9_000_000, 1)).toBe(false);
    expect(await store.delete(session, 1)).toBe(false);
    expect(await store.load(session)).toMatchObject({ revision: 36 });
  },
);

orSkip(test, missingRedis())(
  "a touch or a delete that asks for revision 0 finds nothing and leaves nothing behind",
  async () => {
    const session = handle(2);
    expect(await store.touch(session, Date.now() + 9_000_000, 0)).toBe(false);
    expect(await store.delete(session, 0)).toBe(false);
    expect(await store.load(session)).toBeUndefined();
  },
);
