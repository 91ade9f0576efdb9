import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, jest, test } from "@jest/globals";
import { LevelStore } from "@sess/store-level";
import { collect, expectCode, handle, handles, record, scratch } from "@sess/test-support";
import { WatchedDatabase } from "../support/watched-database.ts";

afterEach(() => {
  jest.restoreAllMocks();
});

/** Stops the clock at `now`, in ms since the epoch. */
function at(now: number): void {
  jest.spyOn(Date, "now").mockReturnValue(now);
}

const START = 1_800_000_000_000;
const MINUTE = 60_000;

/** A record that expires `ms` after the start. */
function expiring(ms: number, fields = {}) {
  return record({ createdAt: START, expiresAt: START + ms, ...fields });
}

async function fill(store: LevelStore, from: number, to: number, ms: number, fields = {}) {
  const saves = handles(to - from, from).map((each) => store.save(each, expiring(ms, fields)));
  await Promise.all(saves);
}

for (const read of ["sync", "async"] as const) {
  test(`a sweep removes all that has expired and nothing else (${read})`, async () => {
    at(START);
    const watched = await WatchedDatabase.open();
    const store = new LevelStore(watched.db, { sync: false, read });
    await fill(store, 0, 3_000, 1_000, { owner: "ada" });
    await fill(store, 3_000, 3_100, 1_001, { owner: "ada" });
    at(START + 1_000);
    expect(await store.sweep()).toBe(3_000);
    expect(await watched.keysOf("r")).toHaveLength(100);
    expect(await watched.keysOf("x")).toHaveLength(100);
    expect(await watched.keysOf("o")).toHaveLength(100);
    expect(await store.sweep()).toBe(0);
    at(START + 1_001);
    expect(await store.sweep()).toBe(100);
    expect(await watched.raw.keys().all()).toEqual([]);
  });
}

test("an entry that lags behind a touch moves to its minute, and is found when it is due", async () => {
  at(START);
  const watched = await WatchedDatabase.open();
  const store = new LevelStore(watched.db);
  await store.save(handle(1), expiring(1_000));
  await store.touch(handle(1), START + 9 * MINUTE + 7);
  at(START + 1_000);
  expect(await store.sweep()).toBe(0);
  expect(await store.load(handle(1))).toBeDefined();
  expect(await watched.keysOf("x")).toEqual([
    `x${String(START + 9 * MINUTE).padStart(16, "0")}${handle(1)}`,
  ]);
  at(START + 9 * MINUTE + 6);
  expect(await store.sweep()).toBe(0);
  at(START + 9 * MINUTE + 7);
  expect(await store.sweep()).toBe(1);
  expect(await watched.raw.keys().all()).toEqual([]);
});

test("an entry that an older version made by the millisecond is found after its session's life was shortened", async () => {
  at(START);
  const watched = await WatchedDatabase.open();
  const store = new LevelStore(watched.db);
  await store.save(handle(1), expiring(50_000));
  const [entry = ""] = await watched.keysOf("x");
  await watched.raw.del(entry);
  await watched.raw.put(`x${String(START + 50_000).padStart(16, "0")}${handle(1)}`, "");
  await store.touch(handle(1), START + 10_000);
  at(START + 20_000);
  expect(await store.sweep()).toBe(1);
  at(START + MINUTE);
  expect(await store.sweep()).toBe(0);
  expect(await watched.raw.keys().all()).toEqual([]);
});

test("a sweep writes nothing about a session that lives on in its minute", async () => {
  at(START);
  const watched = await WatchedDatabase.open();
  const store = new LevelStore(watched.db);
  await store.save(handle(1), expiring(1_000));
  await store.touch(handle(1), START + 9_000);
  const entries = await watched.keysOf("x");
  watched.batches.length = 0;
  at(START + 1_000);
  expect(await store.sweep()).toBe(0);
  expect(watched.batches).toEqual([]);
  at(START + 9_000);
  expect(await store.sweep()).toBe(1);
  expect(entries).toHaveLength(1);
  expect(await watched.raw.keys().all()).toEqual([]);
});

test("a life that a touch or a save shortened ends when it should", async () => {
  at(START);
  const watched = await WatchedDatabase.open();
  const store = new LevelStore(watched.db);
  await fill(store, 1, 3, 9_000);
  await store.touch(handle(1), START + 1_000);
  await store.save(handle(2), expiring(1_000, { revision: 2 }));
  at(START + 1_000);
  expect(await store.sweep()).toBe(2);
  expect(await watched.raw.keys().all()).toEqual([]);
});

test("the entry of a session that was ended is dropped when the sweep comes to it", async () => {
  at(START);
  const watched = await WatchedDatabase.open();
  const store = new LevelStore(watched.db);
  await store.save(handle(1), expiring(1_000));
  await store.touch(handle(1), START + 9 * MINUTE);
  await store.delete(handle(1));
  expect(await watched.keysOf("x")).toHaveLength(1);
  at(START + 1_000);
  expect(await store.sweep()).toBe(0);
  expect(await watched.raw.keys().all()).toEqual([]);
});

test("a sweep does not remove a session that is extended while it is under way", async () => {
  at(START);
  const watched = await WatchedDatabase.open();
  const store = new LevelStore(watched.db, { sync: false });
  await fill(store, 0, 500, 1_000);
  const touched = Promise.all(
    Array.from({ length: 500 }, (_, number) => store.touch(handle(number), START + 9_000)),
  );
  at(START + 999);
  const sweeping = store.sweep();
  expect(await touched).not.toContain(false);
  at(START + 1_000);
  expect((await sweeping) + (await store.sweep())).toBe(0);
  expect(await collect(store.list())).toHaveLength(500);
});

test("a session that expired and was started anew is kept", async () => {
  at(START);
  const watched = await WatchedDatabase.open();
  const store = new LevelStore(watched.db);
  await store.save(handle(1), expiring(1_000, { owner: "ada" }));
  at(START + 1_000);
  expect(await store.save(handle(1), expiring(9_000, { owner: "bob" }))).toBe(true);
  expect(await store.sweep()).toBe(0);
  expect(await store.load(handle(1))).toMatchObject({ owner: "bob" });
  expect(await collect(store.list("ada"))).toEqual([]);
});

test("a damaged record that says that it has expired goes, in the first step and the last", async () => {
  at(START);
  const watched = await WatchedDatabase.open();
  const store = new LevelStore(watched.db, { sync: false });
  await fill(store, 0, 600, 1_000, { owner: "ada" });
  await watched.damage(handle(0));
  await watched.damage(handle(599));
  at(START + 999);
  expect(await store.sweep()).toBe(0);
  at(START + 1_000);
  expect(await store.sweep()).toBe(600);
  expect(await watched.raw.keys().all()).toEqual([]);
});

test("a damaged record that lives, or whose expiry cannot be read, stays as it is", async () => {
  at(START);
  const watched = await WatchedDatabase.open();
  const store = new LevelStore(watched.db, { sync: false });
  const unreadable = ["", "nonsense", "01234567 1 2 ", "01234567 1 2 3", "01234567 1 2 x y\n"];
  await fill(store, 0, unreadable.length + 2, 1_000);
  await store.touch(handle(1), START + 9_000);
  await watched.damage(handle(1));
  for (const [index, text] of unreadable.entries()) {
    await watched.raw.put(`r${handle(index + 2)}`, text);
  }
  const damaged = handles(unreadable.length + 1, 1).map((each) => `r${each}`);
  const before = await watched.raw.getMany(damaged);
  at(START + 1_000);
  expect(await store.sweep()).toBe(1);
  expect(await store.sweep()).toBe(0);
  expect(await watched.raw.getMany(damaged)).toEqual(before);
  await expectCode(store.load(handle(1)), "RECORD_CORRUPT");
});

test("a sweep that removed more than is left gives the space back", async () => {
  at(START);
  const watched = await WatchedDatabase.open();
  const store = new LevelStore(watched.db, { sync: false });
  await fill(store, 0, 300, 1_000);
  await fill(store, 300, 700, 9_000);
  at(START + 1_000);
  expect(await store.sweep()).toBe(300);
  expect(watched.compactions).toBe(0);
  at(START + 9_000);
  expect(await store.sweep()).toBe(400);
  expect(watched.compactions).toBe(1);
});

test("the directory shrinks with what was swept", async () => {
  at(START);
  const location = scratch();
  await using store = await LevelStore.open(location, { sync: false, writeBufferSize: 65536 });
  const data = Array.from({ length: 600 }, () => Math.random().toString(36)).join("");
  await fill(store, 0, 1_000, 1_000, { data });
  await fill(store, 1_000, 1_050, 9_000, { data });
  const before = bytes(location);
  at(START + 1_000);
  expect(await store.sweep()).toBe(1_000);
  expect(bytes(location)).toBeLessThan(before / 5);
  expect(await collect(store.list())).toHaveLength(50);
});

function bytes(location: string): number {
  const tables = readdirSync(location).filter((name) => name.endsWith(".ldb"));
  return tables.reduce((sum, name) => sum + statSync(join(location, name)).size, 0);
}
