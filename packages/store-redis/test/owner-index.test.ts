import { beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { RedisStore } from "@sess/store-redis";
import { missingRedis, openRedis, orSkip } from "@sess/test-servers";
import { afterTests, collect, handle, handles, record } from "@sess/test-support";
import { connected, newPrefix, newStore } from "./support/stores.ts";

const DAY = 86_400_000;

let client: Awaited<ReturnType<typeof connected>>;
let raw: (...command: string[]) => Promise<unknown>;
let store: RedisStore;
let prefix: string;

beforeAll(async () => {
  const { url, stop } = await openRedis();
  afterTests(stop);
  client = await connected(url);
  raw = (...command) => client.sendCommand(command);
});

beforeEach(() => {
  prefix = newPrefix();
  store = newStore(client, prefix);
});

/** The sessions that are listed of an owner. */
async function listed(owner: string): Promise<string[]> {
  return (await collect(store.list(owner))).map(([session]) => session).sort();
}

orSkip(describe, missingRedis())("the index of an owner", () => {
  test("outlives each session that it names, however it is extended", async () => {
    const index = `${prefix}@ada`;
    const session = handle(1);
    const timeLeft = async (key: string) => Number(await raw("PTTL", key));
    const expectToOutlive = async () => {
      expect(await timeLeft(index)).toBeGreaterThan(await timeLeft(`${prefix}${session}`));
      expect(await listed("ada")).toEqual([session]);
    };
    let saved = record({ owner: "ada", expiresAt: Date.now() + 1_000 });
    await store.save(session, saved);
    await expectToOutlive();
    for (const days of [1, 2, 5, 30, 3, 300]) {
      const expiresAt = Date.now() + days * DAY;
      await store.touch(session, expiresAt);
      await expectToOutlive();
      saved = { ...saved, revision: saved.revision + 1, expiresAt: expiresAt + 3 * days * DAY };
      expect(await store.save(session, saved)).toBe(true);
      await expectToOutlive();
    }
    expect(await store.load(session)).toEqual(saved);
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

  test.each(["1", "-1", "NaN", "@", "~", "done", "refused", "unnamed", "failed", "*", "no", " "])(
    "is that of %p, although the script may take the name for something else",
    async (owner) => {
      const first = record({ owner });
      await store.save(handle(1), first);
      const expiresAt = first.expiresAt + 40 * DAY;
      expect(await store.touch(handle(1), expiresAt)).toBe(true);
      expect(await store.load(handle(1))).toEqual({ ...first, expiresAt });
      expect(await listed(owner)).toEqual([handle(1)]);
    },
  );

  test.each(["a".repeat(255), "~".repeat(255), "漢".repeat(85)])(
    "names the sessions of an owner as long as may be: %s",
    async (owner) => {
      const first = record({ owner });
      await store.save(handle(1), first);
      const expiresAt = first.expiresAt + 40 * DAY;
      expect(await store.touch(handle(1), expiresAt, 1)).toBe(true);
      const second = { ...first, revision: 2, expiresAt };
      expect(await store.save(handle(1), second)).toBe(true);
      expect(await store.load(handle(1))).toEqual(second);
      expect(await listed(owner)).toEqual([handle(1)]);
      expect(await store.delete(handle(1), 2)).toBe(true);
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
    expect(await listed("bob")).toEqual([handle(1)]);
    expect(await listed("ada")).toEqual([]);
    expect(Number(await raw("PTTL", `${prefix}@bob`))).toBeGreaterThan(440 * DAY);
  });

  test("forgets what expired long ago when it is written next, and goes with its last name", async () => {
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

  test("only says where to look: the record decides, and scores filter nothing", async () => {
    await store.save(handle(1), record({ owner: "ada" }));
    await store.save(handle(2), record({ owner: "bob" }));
    const names = [handle(1), handle(2), handle(3), "other"].flatMap((name) => ["1", name]);
    await raw("ZADD", `${prefix}@ada`, ...names);
    expect(await listed("ada")).toEqual([handle(1)]);
  });

  test("names a thousand sessions, and each is listed", async () => {
    const sessions = handles(1_000);
    await Promise.all(sessions.map((each) => store.save(each, record({ owner: "ada" }))));
    expect(await listed("ada")).toEqual(sessions);
  });
});
