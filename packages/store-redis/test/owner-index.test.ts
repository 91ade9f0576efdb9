import { beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { SessionManager } from "@sess/core";
import type { RedisStore } from "@sess/store-redis";
import { missingRedis, openRedis, orSkip } from "@sess/test-servers";
import { afterTests, collect, expectCode, handle, handles, record } from "@sess/test-support";
import fc from "fast-check";
import { connected, newPrefix, newStore, useScripts } from "./support/stores.ts";

const DAY = 86_400_000;

let client: Awaited<ReturnType<typeof connected>>;
let raw: (...command: string[]) => Promise<unknown>;
let store: RedisStore;
let url: string;
let prefix: string;

beforeAll(async () => {
  const server = await openRedis();
  afterTests(server.stop);
  url = server.url;
  client = await connected(url);
  raw = (...command) => client.sendCommand(command);
});

beforeEach(() => {
  prefix = newPrefix();
  store = newStore(client, prefix);
});

interface Step {
  readonly call: string;
  readonly session: number;
  readonly owner: string | undefined;
  readonly life: number;
  readonly together: boolean;
}

/** Carries out a step at the store and at once in `live`, where the steps of one tick have their order. */
async function carryOut(
  { call, session, owner, life }: Omit<Step, "together">,
  live: Map<string, { revision: number; owner?: string }>,
): Promise<void> {
  const name = handle(session);
  const expiresAt = Date.now() + life;
  if (call === "list") await listed("ada");
  else if (call === "touch") await store.touch(name, expiresAt);
  else if (call === "delete") {
    live.delete(name);
    await store.delete(name);
  } else {
    const next = { revision: (live.get(name)?.revision ?? 0) + 1, ...(owner && { owner }) };
    live.set(name, next);
    expect(await store.save(name, record({ ...next, expiresAt }))).toBe(true);
  }
}

/** What the index of an owner names. */
async function names(owner: string): Promise<string[]> {
  const found = await raw("ZRANGE", `${prefix}@${owner}`, "0", "-1");
  return (found as string[]).sort();
}

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

  test("only says where to look: the record decides, and scores filter nothing", async () => {
    await store.save(handle(1), record({ owner: "ada" }));
    await store.save(handle(2), record({ owner: "bob" }));
    const names = [handle(1), handle(2), handle(3), "other"].flatMap((name) => ["1", name]);
    await raw("ZADD", `${prefix}@ada`, ...names);
    expect(await listed("ada")).toEqual([handle(1)]);
  });

  test("loses a name when its session ends, alone and with others", async () => {
    const sessions = handles(10);
    await Promise.all(sessions.map((each) => store.save(each, record({ owner: "ada" }))));
    await store.delete(handle(0));
    await store.delete(handle(1), 1);
    expect(await store.delete(handle(2), 7)).toBe(false);
    await Promise.all([store.delete(handle(3)), store.delete(handle(4), 1), store.load(handle(5))]);
    const left = [handle(2), ...handles(5, 5)];
    expect(await names("ada")).toEqual(left);
    await Promise.all(left.map((each) => store.delete(each, 1)));
    expect(await raw("EXISTS", `${prefix}@ada`)).toBe(0);
  });

  test("names nobody after many have signed in, got a new id, and signed out", async () => {
    const sessions = new SessionManager({ store });
    for (let round = 0; round < 30; round += 1) {
      const session = sessions.create();
      session.set("cart", 1);
      await session.save();
      session.owner = "ada";
      await session.regenerate({ restart: true });
      await session.destroy();
    }
    expect(await names("ada")).toEqual([]);
  });

  test("loses the names that a listing finds dead: expired, or another owner's", async () => {
    await store.save(handle(1), record({ owner: "ada" }));
    await store.save(handle(2), record({ owner: "ada", expiresAt: Date.now() + 300 }));
    await store.save(handle(3), record({ owner: "ada" }));
    await store.save(handle(3), record({ revision: 2, owner: "bob" }));
    await store.save(handle(4), record({ owner: "ada" }));
    await store.save(handle(4), record({ revision: 2 }));
    await store.save(handle(5), record({ owner: "ada" }));
    await raw("SET", `${prefix}${handle(5)}`, "damaged");
    while (Number(await raw("EXISTS", `${prefix}${handle(2)}`)) === 1);
    expect(await names("ada")).toEqual(handles(5, 1));
    await expectCode(listed("ada"), "RECORD_CORRUPT");
    // A damaged record may be that owner's.
    expect(await names("ada")).toEqual([handle(1), handle(5)]);
    expect(await names("bob")).toEqual([handle(3)]);
  });

  test("does not name a session for long that is to be over soon", async () => {
    const first = record({ owner: "ada", expiresAt: Date.now() + 60 * DAY });
    await store.save(handle(1), first);
    const expiresAt = Date.now() + DAY / 24;
    expect(await store.save(handle(1), { ...first, revision: 2, expiresAt })).toBe(true);
    const score = Number(await raw("ZSCORE", `${prefix}@ada`, handle(1)));
    expect(score).toBeGreaterThan(expiresAt);
    expect(score).toBeLessThan(Date.now() + DAY);
    const third = { ...first, revision: 3, expiresAt: Date.now() + 60 * DAY };
    expect(await store.save(handle(1), third)).toBe(true);
    expect(await listed("ada")).toEqual([handle(1)]);
    const again = Number(await raw("ZSCORE", `${prefix}@ada`, handle(1)));
    expect(again).toBeGreaterThan(third.expiresAt);
  });

  test("names every live session although it is listed while they are saved and ended", async () => {
    const other = newStore(await connected(url), prefix);
    const sessions = handles(8);
    let isOver = false;
    const listing = async () => {
      while (!isOver) await collect(other.list("ada"));
    };
    const listings = [listing(), listing()];
    // The same in each round, so that the index vouches for the same time.
    const fields = { expiresAt: Date.now() + DAY / 24 };
    const work = async (session: string) => {
      for (let round = 0; round < 40; round += 1) {
        await store.save(session, record({ ...fields, owner: "bob" }));
        await store.save(session, record({ ...fields, owner: "ada", revision: 2 }));
        await store.save(session, record({ ...fields, owner: "bob", revision: 3 }));
        await store.save(session, record({ ...fields, owner: "ada", revision: 4 }));
        expect(await listed("ada")).toContain(session);
        if (round < 39) await store.delete(session);
      }
    };
    await Promise.all(sessions.map(work));
    isOver = true;
    await Promise.all(listings);
    expect(await names("ada")).toEqual(sessions);
  });

  test("after any calls, names every live session, and nothing else once it is listed", async () => {
    const step = fc.record({
      call: fc.constantFrom("save", "touch", "delete", "list"),
      session: fc.integer({ min: 1, max: 3 }),
      owner: fc.constantFrom(undefined, "ada", "bob"),
      life: fc.constantFrom(DAY, 3 * DAY, 40 * DAY),
      together: fc.boolean(),
    });
    const check = async (steps: readonly Step[]) => {
      prefix = newPrefix();
      store = newStore(client, prefix);
      await useScripts(store);
      const live = new Map<string, { revision: number; owner?: string }>();
      let underWay: Promise<unknown>[] = [];
      for (const { together, ...each } of steps) {
        underWay.push(carryOut(each, live));
        if (!together) await Promise.all(underWay.splice(0));
      }
      await Promise.all(underWay);
      underWay = [];
      for (const owner of ["ada", "bob"]) {
        const own = [...live].filter(([, each]) => each.owner === owner).map(([name]) => name);
        expect(await names(owner)).toEqual(expect.arrayContaining(own));
        expect(await listed(owner)).toEqual(own.sort());
        expect(await names(owner)).toEqual(own);
      }
    };
    await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 20 }), check), { numRuns: 60 });
  });

  test("names a thousand sessions, and each is listed", async () => {
    const sessions = handles(1_000);
    await Promise.all(sessions.map((each) => store.save(each, record({ owner: "ada" }))));
    expect(await listed("ada")).toEqual(sessions);
  });
});
