import { beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { RedisStore } from "@sess/store-redis";
import { missingRedis, openRedis, orSkip } from "@sess/test-servers";
import { atEnd, collect, connected, handle, newPrefix, newStore, record } from "./scratch.ts";

const DAY = 86_400_000;

let client: Awaited<ReturnType<typeof connected>>;
let raw: (...command: string[]) => Promise<unknown>;
let store: RedisStore;
let prefix: string;

beforeAll(async () => {
  const { url, stop } = await openRedis();
  atEnd(stop);
  client = await connected(url);
  raw = (...command) => client.sendCommand(command);
});

beforeEach(() => {
  prefix = newPrefix();
  if (client !== undefined) store = newStore(client, prefix);
});

async function named(owner: string): Promise<string[]> {
  return (await collect(store.list(owner))).map(([key]) => key).sort();
}

orSkip(describe, missingRedis())("the index of an owner", () => {
  test("outlives each session that it names, however it is extended", async () => {
    const index = `${prefix}@ada`;
    const left = async (key: string) => Number(await raw("PTTL", key));
    let saved = record({ owner: "ada", expiresAt: Date.now() + 1_000 });
    const key = handle(1);
    const outlives = async () => {
      expect(await left(index)).toBeGreaterThan(await left(`${prefix}${key}`));
      expect(await named("ada")).toEqual([key]);
    };
    await store.save(key, saved);
    await outlives();
    for (const days of [1, 2, 5, 30, 3, 300]) {
      const expiresAt = Date.now() + days * DAY;
      await store.touch(key, expiresAt);
      await outlives();
      saved = { ...saved, revision: saved.revision + 1, expiresAt: expiresAt + 3 * days * DAY };
      expect(await store.save(key, saved)).toBe(true);
      await outlives();
    }
    expect(await store.load(key)).toEqual(saved);
  });

  test("is not written again for a touch within what it vouches for", async () => {
    const first = record({ owner: "ada", expiresAt: Date.now() + 30 * DAY });
    await store.save(handle(1), first);
    const index = await raw("ZSCORE", `${prefix}@ada`, handle(1));
    for (let day = 1; day < 20; day += 1) {
      expect(await store.touch(handle(1), first.expiresAt + day * DAY)).toBe(true);
      const revision = day + 1;
      const expiresAt = first.expiresAt + day * DAY;
      expect(await store.save(handle(1), { ...first, revision, expiresAt })).toBe(true);
    }
    expect(await raw("ZSCORE", `${prefix}@ada`, handle(1))).toBe(index);
    await store.touch(handle(1), first.expiresAt + 31 * DAY);
    expect(Number(await raw("ZSCORE", `${prefix}@ada`, handle(1)))).toBeGreaterThan(Number(index));
  });

  test.each(["1", "2", "-1", "0", "42", "NaN", "", "@", "~"].filter((owner) => owner !== ""))(
    "is that of %p, whatever a script could answer else",
    async (owner) => {
      const first = record({ owner });
      await store.save(handle(1), first);
      const expiresAt = first.expiresAt + 40 * DAY;
      expect(await store.touch(handle(1), expiresAt)).toBe(true);
      expect(await store.load(handle(1))).toEqual({ ...first, expiresAt });
      expect(await named(owner)).toEqual([handle(1)]);
    },
  );

  test("names a session whose owner changes while it is touched", async () => {
    const first = record({ owner: "ada" });
    await store.save(handle(1), first);
    const expiresAt = first.expiresAt + 40 * DAY;
    await Promise.all([
      store.touch(handle(1), expiresAt),
      store.save(handle(1), { ...first, revision: 2, owner: "bob" }),
    ]);
    await store.touch(handle(1), expiresAt + 400 * DAY);
    expect(await named("bob")).toEqual([handle(1)]);
    expect(await named("ada")).toEqual([]);
    expect(Number(await raw("PTTL", `${prefix}@bob`))).toBeGreaterThan(440 * DAY);
  });

  test("forgets what has long expired when it is written next, and goes with its last name", async () => {
    const index = `${prefix}@ada`;
    await store.save(handle(1), record({ owner: "ada" }));
    const old = Date.now() - 2 * DAY;
    await raw("ZADD", index, String(old), handle(2), String(Date.now() - 1_000), handle(3));
    await store.save(handle(4), record({ owner: "ada" }));
    expect(await raw("ZRANGE", index, "0", "-1")).toEqual([handle(3), handle(1), handle(4)]);
    const [last] = (await raw("ZRANGE", index, "-1", "-1", "WITHSCORES")) as unknown[][];
    expect(Number(await raw("PTTL", index))).toBeGreaterThan(Number(last?.[1]) - Date.now());
  });

  test("names nothing that was over long before it was saved", async () => {
    const over = { owner: "ada", expiresAt: Date.now() - 3 * DAY };
    expect(await store.save(handle(1), record(over))).toBe(true);
    expect(await store.load(handle(1))).toBeUndefined();
    expect(await raw("EXISTS", `${prefix}@ada`)).toBe(0);
    expect(await store.save(handle(1), record({ owner: "ada" }))).toBe(true);
    expect(await store.touch(handle(1), over.expiresAt)).toBe(true);
    expect(await store.load(handle(1))).toBeUndefined();
  });

  test("is looked at, the record decides: scores filter nothing", async () => {
    await store.save(handle(1), record({ owner: "ada" }));
    await store.save(handle(2), record({ owner: "bob" }));
    await raw(
      "ZADD",
      `${prefix}@ada`,
      "1",
      handle(1),
      "1",
      handle(2),
      "1",
      handle(3),
      "1",
      "other",
    );
    expect(await named("ada")).toEqual([handle(1)]);
  });

  test("takes a thousand sessions, and yields each", async () => {
    const keys = Array.from({ length: 1_000 }, (_, number) => handle(number));
    await Promise.all(keys.map((key) => store.save(key, record({ owner: "ada" }))));
    expect(await named("ada")).toEqual(keys);
  });
});

orSkip(test, missingRedis())(
  "a record is gone from the very millisecond of its expiry on",
  async () => {
    // Redis still has a key in the millisecond that it is given.
    const last = () => lastMillisecond(`${prefix}${handle(1)}`);
    const first = record();
    await store.save(handle(1), first);
    expect(await last()).toBe(first.expiresAt - 1);
    await store.touch(handle(1), first.expiresAt + 5_000);
    expect(await last()).toBe(first.expiresAt + 4_999);
    await store.save(handle(1), { ...first, revision: 2, owner: "ada" });
    expect(await last()).toBe(first.expiresAt - 1);
  },
);

/** As PEXPIRETIME has it, which Redis 6.2 lacks: what is left is less by what passes between the two. */
async function lastMillisecond(key: string): Promise<number> {
  const script = "local t = redis.call('TIME') return t[1] * 1000 + math.floor(t[2] / 1000)";
  let last = 0;
  for (let time = 0; time < 20; time += 1) {
    const now = await raw("EVAL", `${script} + redis.call('PTTL', KEYS[1])`, "1", key);
    last = Math.max(last, Number(now));
  }
  return last;
}

orSkip(describe, missingRedis())("a prefix", () => {
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
  ])("%p and prefix %p never see each other", async (...pair) => {
    const prefixes = pair.map((name) => newPrefix() + name);
    // Under one name for both, or they would be apart anyway.
    const common = newPrefix();
    for (const [one = "", other = ""] of [pair.map((name) => common + name), prefixes]) {
      const [first, second] = [newStore(client, one), newStore(client, other)];
      const owners = ["ada", "b@ada", `x~${"A".repeat(43)}`, `~${"A".repeat(43)}`, "@"];
      await first.save(handle(1), record({ data: "first" }));
      for (const [number, owner] of owners.entries()) {
        await first.save(handle(10 + number), record({ owner }));
        await second.save(handle(20 + number), record({ owner }));
      }
      const firsts = [handle(1), ...owners.map((_, number) => handle(10 + number))];
      const seconds = owners.map((_, number) => handle(20 + number));
      expect((await collect(first.list())).map(([key]) => key).sort()).toEqual(firsts);
      expect((await collect(second.list())).map(([key]) => key).sort()).toEqual(seconds);
      for (const [number, owner] of owners.entries()) {
        expect((await collect(first.list(owner))).map(([key]) => key)).toEqual([
          handle(10 + number),
        ]);
        expect((await collect(second.list(owner))).map(([key]) => key)).toEqual([
          handle(20 + number),
        ]);
      }
      expect(await second.load(handle(1))).toBeUndefined();
      expect(await second.delete(handle(1))).toBe(false);
      expect(await first.load(handle(1))).toMatchObject({ data: "first" });
    }
  });
});
