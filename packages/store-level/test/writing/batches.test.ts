import { expect, test } from "@jest/globals";
import { LevelStore } from "@sess/store-level";
import { handle, record, StoppedClock } from "@sess/test-support";
import { WatchedDatabase } from "../support/watched-database.ts";

const one = handle(1);

function many<Result>(count: number, call: (number: number) => Promise<Result>): Promise<Result[]> {
  return Promise.all(Array.from({ length: count }, (_, number) => call(number)));
}

test("64 parallel saves are one synced batch", async () => {
  const { db, batches } = await WatchedDatabase.open();
  const store = new LevelStore(db);
  expect(await many(64, (number) => store.save(handle(number), record()))).not.toContain(false);
  // A record and its expiry entry each.
  expect(batches).toEqual([{ changes: 128, sync: true }]);
});

test("writes that come from microtasks of different depth in one tick are one batch", async () => {
  const { db, batches } = await WatchedDatabase.open();
  const store = new LevelStore(db);
  await many(16, async (number) => {
    for (let depth = 0; depth < 4 * number; depth += 1) await undefined;
    await store.save(handle(number), record());
  });
  expect(batches).toHaveLength(1);
});

test("what gathers while a batch is written goes out together in the next", async () => {
  const { db, batches } = await WatchedDatabase.open();
  const store = new LevelStore(db);
  const first = store.save(handle(0), record());
  while (batches.length === 0) await new Promise((resolve) => setImmediate(resolve));
  const others = many(10, (number) => store.save(handle(1 + number), record()));
  await Promise.all([first, others]);
  expect(batches).toEqual([
    { changes: 2, sync: true },
    { changes: 20, sync: true },
  ]);
});

test("a batch has a bounded number of operations", async () => {
  const { db, batches } = await WatchedDatabase.open();
  const store = new LevelStore(db, { sync: false });
  await many(1_000, (number) => store.save(handle(number), record()));
  expect(Math.max(...batches.map(({ changes }) => changes))).toBeLessThanOrEqual(512);
  expect(batches.length).toBeLessThan(8);
});

test("a batch has a bounded size, and a large one is handed over whole, which frees its memory", async () => {
  const watched = await WatchedDatabase.open();
  const store = new LevelStore(watched.db, { sync: false });
  await store.save(one, record());
  expect(watched.wholeBatches).toBe(0);
  const data = "x".repeat(1024 * 1024);
  await many(40, (number) => store.save(handle(number), record({ data })));
  expect(watched.batches.length).toBeGreaterThan(2);
  expect(watched.wholeBatches).toBe(watched.batches.length - 1);
  expect(await store.load(handle(39))).toMatchObject({ data });
});

for (const read of ["sync", "async"] as const) {
  test(`calls that are not awaited are carried out in order (${read})`, async () => {
    const { db } = await WatchedDatabase.open();
    const store = new LevelStore(db, { read });
    const { expiresAt } = record();
    const outcomes = await Promise.all([
      store.save(one, record({ data: "a" })),
      store.save(one, record({ data: "b" })),
      store.save(one, record({ data: "c", revision: 2 })),
      store.touch(one, expiresAt + 5_000),
      store.delete(one, 1),
      store.delete(one),
      store.touch(one, expiresAt),
      store.save(one, record({ data: "d", revision: 3 })),
      store.save(one, record({ data: "e" })),
      store.touch(one, expiresAt + 9_000),
    ]);
    expect(outcomes).toEqual([true, false, true, true, false, true, false, false, true, true]);
    expect(await store.load(one)).toMatchObject({
      data: "e",
      revision: 1,
      expiresAt: expiresAt + 9_000,
    });
  });

  test(`of 50 parallel saves of one revision exactly one wins (${read})`, async () => {
    const { db, batches } = await WatchedDatabase.open();
    const store = new LevelStore(db, { read });
    const outcomes = await many(50, (number) => store.save(one, record({ data: String(number) })));
    expect(outcomes.filter(Boolean)).toHaveLength(1);
    expect(batches).toEqual([{ changes: 2, sync: true }]);
  });
}

test("a load sees nothing that is still queued", async () => {
  const { db } = await WatchedDatabase.open();
  const store = new LevelStore(db);
  const saving = store.save(one, record());
  expect(await store.load(one)).toBeUndefined();
  await saving;
  expect(await store.load(one)).toBeDefined();
});

test("a record is stored as it was when it was handed in", async () => {
  const { db } = await WatchedDatabase.open();
  const store = new LevelStore(db);
  const given = { ...record(), data: "before" };
  const saving = store.save(one, given);
  given.data = "after";
  given.revision = 7;
  expect(await saving).toBe(true);
  expect(await store.load(one)).toMatchObject({ data: "before", revision: 1 });
});

test("calls that change nothing write nothing", async () => {
  const { db, batches } = await WatchedDatabase.open();
  const store = new LevelStore(db);
  const saved = record();
  await store.save(one, saved);
  batches.length = 0;
  expect(await store.save(one, record())).toBe(false);
  expect(await store.delete(one, 7)).toBe(false);
  expect(await store.delete(handle(2))).toBe(false);
  expect(await store.touch(handle(2), saved.expiresAt)).toBe(false);
  expect(await store.touch(one, saved.expiresAt)).toBe(true);
  expect(await store.sweep()).toBe(0);
  expect(batches).toEqual([]);
});

test("extending a session leaves the index alone", async () => {
  const { db, batches } = await WatchedDatabase.open();
  const store = new LevelStore(db);
  const saved = record({ owner: "ada" });
  await store.save(one, saved);
  batches.length = 0;
  await store.touch(one, saved.expiresAt + 1_000);
  await store.save(one, { ...saved, revision: 2, expiresAt: saved.expiresAt + 2_000 });
  expect(batches.map(({ changes }) => changes)).toEqual([1, 1]);
});

test.each([true, false])(
  "with sync: %p saves are synced accordingly; durable ones, and what ends or cuts a session short, always are",
  async (sync) => {
    const { db, batches } = await WatchedDatabase.open();
    const store = new LevelStore(db, { sync });
    const saved = record();
    const { expiresAt } = saved;
    const isSynced = async (write: Promise<boolean>) => {
      expect(await write).toBe(true);
      return batches.at(-1)?.sync;
    };
    expect(await isSynced(store.save(one, saved))).toBe(sync);
    expect(await isSynced(store.save(one, { ...saved, revision: 2 }))).toBe(sync);
    expect(await isSynced(store.touch(one, expiresAt + 1_000))).toBe(false);
    expect(await isSynced(store.touch(one, expiresAt - 1_000))).toBe(true);
    expect(await isSynced(store.save(one, { ...saved, revision: 3 }, { durable: false }))).toBe(
      sync,
    );
    expect(await isSynced(store.save(one, { ...saved, revision: 4 }, { durable: true }))).toBe(
      true,
    );
    expect(await isSynced(store.delete(one))).toBe(true);
  },
);

test("one write that must be synced takes its whole batch with it", async () => {
  const { db, batches } = await WatchedDatabase.open();
  const store = new LevelStore(db, { sync: false });
  await store.save(one, record());
  await Promise.all([
    store.save(handle(2), record()),
    store.delete(one),
    store.save(handle(3), record()),
  ]);
  expect(batches.at(-1)).toMatchObject({ sync: true });
});

test("deleting an expired record takes it off the disk, in case the clock is set back", async () => {
  const { db, raw } = await WatchedDatabase.open();
  const store = new LevelStore(db);
  const saved = record();
  await store.save(one, saved);
  using _ = new StoppedClock(saved.expiresAt);
  expect(await store.delete(one)).toBe(false);
  expect(await raw.get(`r${one}`)).toBeUndefined();
});
