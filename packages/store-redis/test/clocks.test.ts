import { beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { RedisStore } from "@sess/store-redis";
import { missingRedis, openRedis, orSkip } from "@sess/test-servers";
import { afterTests, collect, handle, handles, record, StoppedClock } from "@sess/test-support";
import { connected, newPrefix, newStore, useScripts } from "./support/stores.ts";

const MINUTE = 60_000;
const DAY = 86_400_000;

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

orSkip(describe, missingRedis())("what is live is found by a process", () => {
  test.each([
    ["ahead by minutes", 6 * MINUTE],
    ["ahead by years", 2_000 * DAY],
    ["behind by years", -2_000 * DAY],
  ])("that is %s", async (_, offset) => {
    const first = record({ owner: "ada", expiresAt: Date.now() + 5 * MINUTE });
    await store.save(handle(1), first);
    await store.save(handle(2), { ...first, data: "second" });
    using clock = new StoppedClock(Date.now() + offset);
    expect(clock.now).toBe(Date.now());
    expect(await store.load(handle(1))).toEqual(first);
    const [one, other] = await Promise.all([store.load(handle(1)), store.load(handle(2))]);
    expect([one?.data, other?.data]).toEqual(["data", "second"]);
    expect(await collect(store.list("ada"))).toHaveLength(2);
    expect(await collect(store.list())).toHaveLength(2);
    expect(await store.touch(handle(1), first.expiresAt + MINUTE, 1)).toBe(true);
    expect(await store.save(handle(1), { ...first, revision: 2 })).toBe(true);
    expect(await store.delete(handle(1), 2)).toBe(true);
    expect(await collect(store.list("ada"))).toEqual([[handle(2), { ...first, data: "second" }]]);
  });
});

orSkip(describe, missingRedis())("what the server's clock has passed changes nothing:", () => {
  const over = () => ({ expiresAt: Date.now() - 1 });

  test.each([{}, { owner: "ada" }])("a first save of %p, alone or with others", async (fields) => {
    expect(await store.save(handle(1), record({ ...fields, ...over() }))).toBe(false);
    // Now it knows the server's time, and names its scripts by their hashes.
    await useScripts(store);
    expect(await store.save(handle(1), record({ ...fields, ...over() }))).toBe(false);
    const saving = handles(3).map((session, index) =>
      store.save(session, record({ ...fields, ...(index === 1 ? over() : {}) })),
    );
    expect(await Promise.all(saving)).toEqual([true, false, true]);
    const keys = await client.sendCommand(["KEYS", `${prefix}~*`]);
    expect(keys).toHaveLength(2);
    expect(await client.sendCommand(["ZSCORE", `${prefix}@ada`, handle(1)])).toBeNull();
  });

  test.each([{}, { owner: "ada" }])("a later save of %p, alone or with others", async (fields) => {
    const first = record(fields);
    await store.save(handle(1), first);
    const next = { ...first, ...over(), revision: 2 };
    expect(await store.save(handle(1), next)).toBe(false);
    const saving = [1, 2].map((number) => store.save(handle(number), next));
    expect(await Promise.all(saving)).toEqual([false, false]);
    expect(await store.save(handle(1), { ...next, owner: "bob" })).toBe(false);
    expect(await store.load(handle(1))).toEqual(first);
    expect(await collect(store.list())).toHaveLength(1);
    expect(await client.sendCommand(["EXISTS", `${prefix}@bob`])).toBe(0);
  });

  test.each([{}, { owner: "ada" }])("a touch of %p, alone or with others", async (fields) => {
    const first = record(fields);
    await store.save(handle(1), first);
    const { expiresAt } = over();
    expect(await store.touch(handle(1), expiresAt)).toBe(false);
    expect(await store.touch(handle(1), expiresAt, 1)).toBe(false);
    expect(await store.touch(handle(1), 0, 1)).toBe(false);
    const touching = [1, 2].map((number) => store.touch(handle(number), expiresAt, 1));
    expect(await Promise.all(touching)).toEqual([false, false]);
    expect(await store.load(handle(1))).toEqual(first);
  });

  test("whatever a process that is behind believes, also when it knows the server's time", async () => {
    using clock = new StoppedClock(Date.now() - DAY);
    for (const knows of [false, true]) {
      if (knows) await useScripts(store);
      const soon = record({ expiresAt: clock.now + 5 * MINUTE });
      expect(await store.save(handle(1), soon)).toBe(false);
      expect(await store.save(handle(2), { ...soon, owner: "ada" })).toBe(false);
    }
    expect(await client.sendCommand(["KEYS", `${prefix}*`])).toEqual([]);
  });
});

orSkip(describe, missingRedis())("a record whose key has lost its expiry", () => {
  test("is over when the server's clock says so, and can be deleted", async () => {
    const soon = record({ owner: "ada", expiresAt: Date.now() + 50 });
    await store.save(handle(1), soon);
    await client.sendCommand(["PERSIST", `${prefix}${handle(1)}`]);
    {
      using clock = new StoppedClock(soon.expiresAt + DAY);
      expect(clock.now).toBeGreaterThan(soon.expiresAt);
      expect(await store.load(handle(1))).toEqual(soon);
    }
    await passed(soon.expiresAt);
    expect(await store.load(handle(1))).toBeUndefined();
    expect(await collect(store.list("ada"))).toEqual([]);
    const later = { ...soon, expiresAt: Date.now() + MINUTE };
    expect(await store.touch(handle(1), later.expiresAt)).toBe(false);
    expect(await store.save(handle(1), { ...later, revision: 2 })).toBe(false);
    expect(await store.delete(handle(1), 1)).toBe(false);
    expect(await store.delete(handle(1))).toBe(false);
    expect(await client.sendCommand(["EXISTS", `${prefix}${handle(1)}`])).toBe(0);
    expect(await store.save(handle(1), later)).toBe(true);
  });
});

/** Waits until the server's clock has passed `time`. */
async function passed(time: number): Promise<void> {
  for (let now = 0; now <= time; ) {
    const [seconds, micros] = (await client.sendCommand(["TIME"])) as string[];
    now = Number(seconds) * 1_000 + Number(micros) / 1_000;
  }
}
