import { expect, jest, test } from "@jest/globals";
import { LevelStore } from "@sess/store-level";
import { handle, record } from "./scratch.ts";
import { watched } from "./watched.ts";

const key = handle(1);

function many<Result>(count: number, call: (number: number) => Promise<Result>): Promise<Result[]> {
  return Promise.all(Array.from({ length: count }, (_, number) => call(number)));
}

test("64 parallel saves are one synced batch", async () => {
  const { db, batches } = await watched();
  const store = new LevelStore(db);
  expect(await many(64, (number) => store.save(handle(number), record()))).not.toContain(false);
  // A record and its expiry entry each.
  expect(batches).toEqual([{ changes: 128, sync: true }]);
});

test("writes that come from different depths of one turn are one batch", async () => {
  const { db, batches } = await watched();
  const store = new LevelStore(db);
  await many(16, async (number) => {
    for (let depth = 0; depth < 4 * number; depth += 1) await undefined;
    await store.save(handle(number), record());
  });
  expect(batches).toHaveLength(1);
});

test("what gathers while a batch is written goes out together in the next", async () => {
  const { db, batches } = await watched();
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
  const { db, batches } = await watched();
  const store = new LevelStore(db, { sync: false });
  await many(1000, (number) => store.save(handle(number), record()));
  expect(Math.max(...batches.map(({ changes }) => changes))).toBeLessThanOrEqual(512);
  expect(batches.length).toBeLessThan(8);
});

test("a batch has a bounded size, and a large one is handed over whole, which frees its memory", async () => {
  const watching = await watched();
  const { db, batches } = watching;
  const store = new LevelStore(db, { sync: false });
  await store.save(key, record());
  expect(watching.whole).toBe(0);
  const data = "x".repeat(1024 * 1024);
  await many(40, (number) => store.save(handle(number), record({ data })));
  expect(batches.length).toBeGreaterThan(2);
  expect(watching.whole).toBe(batches.length - 1);
  expect(await store.load(handle(39))).toMatchObject({ data });
});

for (const read of ["sync", "async"] as const) {
  test(`calls that are not awaited are carried out in order (${read})`, async () => {
    const { db } = await watched();
    const store = new LevelStore(db, { read });
    const { expiresAt } = record();
    const outcomes = await Promise.all([
      store.save(key, record({ data: "a" })),
      store.save(key, record({ data: "b" })),
      store.save(key, record({ data: "c", revision: 2 })),
      store.touch(key, expiresAt + 5000),
      store.delete(key, 1),
      store.delete(key),
      store.touch(key, expiresAt),
      store.save(key, record({ data: "d", revision: 3 })),
      store.save(key, record({ data: "e" })),
      store.touch(key, expiresAt + 9000),
    ]);
    expect(outcomes).toEqual([true, false, true, true, false, true, false, false, true, true]);
    expect(await store.load(key)).toMatchObject({
      data: "e",
      revision: 1,
      expiresAt: expiresAt + 9000,
    });
  });

  test(`of 50 parallel saves of one revision exactly one wins (${read})`, async () => {
    const { db, batches } = await watched();
    const store = new LevelStore(db, { read });
    const outcomes = await many(50, (number) => store.save(key, record({ data: String(number) })));
    expect(outcomes.filter(Boolean)).toHaveLength(1);
    expect(batches).toEqual([{ changes: 2, sync: true }]);
  });
}

test("a load sees nothing that is still queued", async () => {
  const { db } = await watched();
  const store = new LevelStore(db);
  const saving = store.save(key, record());
  expect(await store.load(key)).toBeUndefined();
  await saving;
  expect(await store.load(key)).toBeDefined();
});

test("a record that its caller changes after the call is stored as it was", async () => {
  const { db } = await watched();
  const store = new LevelStore(db);
  const given = { ...record(), data: "before" };
  const saving = store.save(key, given);
  given.data = "after";
  given.revision = 7;
  expect(await saving).toBe(true);
  expect(await store.load(key)).toMatchObject({ data: "before", revision: 1 });
});

test("what changes nothing writes nothing", async () => {
  const { db, batches } = await watched();
  const store = new LevelStore(db);
  const saved = record();
  await store.save(key, saved);
  batches.length = 0;
  expect(await store.save(key, record())).toBe(false);
  expect(await store.delete(key, 7)).toBe(false);
  expect(await store.delete(handle(2))).toBe(false);
  expect(await store.touch(handle(2), saved.expiresAt)).toBe(false);
  expect(await store.touch(key, saved.expiresAt)).toBe(true);
  expect(await store.sweep()).toBe(0);
  expect(batches).toEqual([]);
});

test("extending a life leaves the index alone", async () => {
  const { db, batches } = await watched();
  const store = new LevelStore(db);
  const saved = record({ owner: "ada" });
  await store.save(key, saved);
  batches.length = 0;
  await store.touch(key, saved.expiresAt + 1000);
  await store.save(key, { ...saved, revision: 2, expiresAt: saved.expiresAt + 2000 });
  expect(batches.map(({ changes }) => changes)).toEqual([1, 1]);
});

test.each([
  { sync: true, saves: true },
  { sync: false, saves: false },
])(
  "with sync: $sync saves are synced: $saves; what ends or shortens a life always is",
  async ({ sync, saves }) => {
    const { db, batches } = await watched();
    const store = new LevelStore(db, { sync });
    const saved = record();
    const { expiresAt } = saved;
    const synced = async (write: Promise<boolean>) => {
      expect(await write).toBe(true);
      return batches.at(-1)?.sync;
    };
    expect(await synced(store.save(key, saved))).toBe(saves);
    expect(await synced(store.save(key, { ...saved, revision: 2 }))).toBe(saves);
    expect(await synced(store.touch(key, expiresAt + 1000))).toBe(false);
    expect(await synced(store.touch(key, expiresAt - 1000))).toBe(true);
    expect(
      await synced(store.save(key, { ...saved, revision: 3, expiresAt: expiresAt - 2000 })),
    ).toBe(true);
    expect(await synced(store.delete(key))).toBe(true);
  },
);

test("one that must be synced takes the whole batch with it", async () => {
  const { db, batches } = await watched();
  const store = new LevelStore(db, { sync: false });
  await store.save(key, record());
  await Promise.all([
    store.save(handle(2), record()),
    store.delete(key),
    store.save(handle(3), record()),
  ]);
  expect(batches.at(-1)).toMatchObject({ sync: true });
});

test("deleting an expired record takes it off the disk, should the clock be set back", async () => {
  const { db, raw } = await watched();
  const store = new LevelStore(db);
  await store.save(key, record({ expiresAt: Date.now() - 1 }));
  expect(await store.delete(key)).toBe(false);
  expect(await raw.get(`r${key}`)).toBeUndefined();
});

test("fake timers do not stop writing", async () => {
  const { db } = await watched();
  const store = new LevelStore(db);
  jest.useFakeTimers();
  try {
    expect(await store.save(key, record())).toBe(true);
  } finally {
    jest.useRealTimers();
  }
});
