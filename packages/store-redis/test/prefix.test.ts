import { beforeAll, describe, expect, test } from "@jest/globals";
import type { RedisStore } from "@sess/store-redis";
import { missingRedis, openRedis, orSkip } from "@sess/test-servers";
import { afterTests, collect, handle, record } from "@sess/test-support";
import { connected, newPrefix, newStore } from "./support/stores.ts";

let client: Awaited<ReturnType<typeof connected>>;

beforeAll(async () => {
  const { url, stop } = await openRedis();
  afterTests(stop);
  client = await connected(url);
});

async function listed(store: RedisStore, owner?: string): Promise<string[]> {
  return (await collect(store.list(owner))).map(([session]) => session).sort();
}

const OWNERS = ["ada", "b@ada", `x~${"A".repeat(43)}`, `~${"A".repeat(43)}`, "@"];

orSkip(describe, missingRedis())("stores with the prefixes", () => {
  test.each([
    ["a", "a:b"],
    ["a:", "a:b:"],
    ["a", "a~"],
    ["a", "a@"],
    ["a@", "a@b"],
    ["x*", "xy"],
    ["x?", "xy"],
    ["[xy]", "x"],
    ["x\\*", "x*"],
    ["x^-]", "x"],
    ["", "sess:"],
    ["{tag}", "{tag}:"],
    ["ü", "\u00fc\u00fc"],
  ])("%p and %p never see each other", async (one, other) => {
    // Behind what both have in common, since each test has keys of its own.
    const common = newPrefix();
    const [first, second] = [newStore(client, common + one), newStore(client, common + other)];
    await first.save(handle(1), record({ data: "first" }));
    for (const [number, owner] of OWNERS.entries()) {
      await first.save(handle(10 + number), record({ owner }));
      await second.save(handle(20 + number), record({ owner }));
    }
    const owned = OWNERS.map((_, number) => handle(10 + number));
    expect(await listed(first)).toEqual([handle(1), ...owned]);
    expect(await listed(second)).toEqual(OWNERS.map((_, number) => handle(20 + number)));
    for (const [number, owner] of OWNERS.entries()) {
      expect(await listed(first, owner)).toEqual([handle(10 + number)]);
      expect(await listed(second, owner)).toEqual([handle(20 + number)]);
    }
    expect(await second.load(handle(1))).toBeUndefined();
    expect(await second.delete(handle(1))).toBe(false);
    expect(await first.load(handle(1))).toMatchObject({ data: "first" });
  });
});
