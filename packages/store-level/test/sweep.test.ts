import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, jest, test } from "@jest/globals";
import { LevelStore } from "@sess/store-level";
import { collect, handle, record, scratch } from "./scratch.ts";
import { damage, keysOf, watched } from "./watched.ts";

afterEach(() => {
  jest.restoreAllMocks();
});

/** Lets the clock stand at `now`. */
function at(now: number): void {
  jest.spyOn(Date, "now").mockReturnValue(now);
}

const START = 1_800_000_000_000;
const MINUTE = 60_000;

function expiring(ms: number, fields = {}) {
  return record({ createdAt: START, expiresAt: START + ms, ...fields });
}

async function fill(store: LevelStore, from: number, to: number, ms: number, fields = {}) {
  const numbers = Array.from({ length: to - from }, (_, index) => from + index);
  await Promise.all(numbers.map((number) => store.save(handle(number), expiring(ms, fields))));
}

for (const read of ["sync", "async"] as const) {
  test(`a sweep removes all that has expired and nothing else (${read})`, async () => {
    at(START);
    const { db, raw } = await watched();
    const store = new LevelStore(db, { sync: false, read });
    await fill(store, 0, 3000, 1000, { owner: "ada" });
    await fill(store, 3000, 3100, 1001, { owner: "ada" });
    at(START + 1000);
    expect(await store.sweep()).toBe(3000);
    expect(await keysOf(raw, "r")).toHaveLength(100);
    expect(await keysOf(raw, "x")).toHaveLength(100);
    expect(await keysOf(raw, "o")).toHaveLength(100);
    expect(await store.sweep()).toBe(0);
    at(START + 1001);
    expect(await store.sweep()).toBe(100);
    expect(await raw.keys().all()).toEqual([]);
  });
}

test("an entry that lags behind a touch is moved to its minute, and found when it is due", async () => {
  at(START);
  const { db, raw } = await watched();
  const store = new LevelStore(db);
  await store.save(handle(1), expiring(1000));
  await store.touch(handle(1), START + 9 * MINUTE + 7);
  at(START + 1000);
  expect(await store.sweep()).toBe(0);
  expect(await store.load(handle(1))).toBeDefined();
  expect(await keysOf(raw, "x")).toEqual([
    `x${String(START + 9 * MINUTE).padStart(16, "0")}${handle(1)}`,
  ]);
  at(START + 9 * MINUTE + 6);
  expect(await store.sweep()).toBe(0);
  at(START + 9 * MINUTE + 7);
  expect(await store.sweep()).toBe(1);
  expect(await raw.keys().all()).toEqual([]);
});

test("what an older version entered by the millisecond is found when its session's life was shortened", async () => {
  at(START);
  const { db, raw } = await watched();
  const store = new LevelStore(db);
  await store.save(handle(1), expiring(50_000));
  const [entry = ""] = await keysOf(raw, "x");
  await raw.del(entry);
  await raw.put(`x${String(START + 50_000).padStart(16, "0")}${handle(1)}`, "");
  await store.touch(handle(1), START + 10_000);
  at(START + 20_000);
  expect(await store.sweep()).toBe(1);
  at(START + MINUTE);
  expect(await store.sweep()).toBe(0);
  expect(await raw.keys().all()).toEqual([]);
});

test("a sweep writes nothing about a session that lives on to the end of its minute", async () => {
  at(START);
  const { db, raw, batches } = await watched();
  const store = new LevelStore(db);
  await store.save(handle(1), expiring(1000));
  await store.touch(handle(1), START + 9000);
  const entries = await keysOf(raw, "x");
  batches.length = 0;
  at(START + 1000);
  expect(await store.sweep()).toBe(0);
  expect(batches).toEqual([]);
  at(START + 9000);
  expect(await store.sweep()).toBe(1);
  expect(entries).toHaveLength(1);
  expect(await raw.keys().all()).toEqual([]);
});

test("a shortened life ends when it says, by a touch and by a save", async () => {
  at(START);
  const { db, raw } = await watched();
  const store = new LevelStore(db);
  await fill(store, 1, 3, 9000);
  await store.touch(handle(1), START + 1000);
  await store.save(handle(2), expiring(1000, { revision: 2 }));
  at(START + 1000);
  expect(await store.sweep()).toBe(2);
  expect(await raw.keys().all()).toEqual([]);
});

test("the entry of a session that was ended is dropped when it is met", async () => {
  at(START);
  const { db, raw } = await watched();
  const store = new LevelStore(db);
  await store.save(handle(1), expiring(1000));
  await store.touch(handle(1), START + 9 * MINUTE);
  await store.delete(handle(1));
  expect(await keysOf(raw, "x")).toHaveLength(1);
  at(START + 1000);
  expect(await store.sweep()).toBe(0);
  expect(await raw.keys().all()).toEqual([]);
});

test("a session that is extended while a sweep is under way is not removed", async () => {
  at(START);
  const { db } = await watched();
  const store = new LevelStore(db, { sync: false });
  await fill(store, 0, 500, 1000);
  const touched = Promise.all(
    Array.from({ length: 500 }, (_, number) => store.touch(handle(number), START + 9000)),
  );
  at(START + 999);
  const sweeping = store.sweep();
  expect(await touched).not.toContain(false);
  at(START + 1000);
  expect((await sweeping) + (await store.sweep())).toBe(0);
  expect(await collect(store.list())).toHaveLength(500);
});

test("a record that expired and was saved anew is kept", async () => {
  at(START);
  const { db } = await watched();
  const store = new LevelStore(db);
  await store.save(handle(1), expiring(1000, { owner: "ada" }));
  at(START + 1000);
  expect(await store.save(handle(1), expiring(9000, { owner: "bob" }))).toBe(true);
  expect(await store.sweep()).toBe(0);
  expect(await store.load(handle(1))).toMatchObject({ owner: "bob" });
  expect(await collect(store.list("ada"))).toEqual([]);
});

test("damaged records are passed over, in the first step and the last", async () => {
  at(START);
  const { db, raw } = await watched();
  const store = new LevelStore(db, { sync: false });
  await fill(store, 0, 600, 1000);
  await damage(raw, handle(0));
  await damage(raw, handle(599));
  at(START + 1000);
  expect(await store.sweep()).toBe(598);
  expect(await store.sweep()).toBe(0);
  expect(await keysOf(raw, "r")).toEqual([`r${handle(0)}`, `r${handle(599)}`]);
});

test("a sweep that removed more than is left gives the space back", async () => {
  at(START);
  const watching = await watched();
  const store = new LevelStore(watching.db, { sync: false });
  await fill(store, 0, 300, 1000);
  await fill(store, 300, 700, 9000);
  at(START + 1000);
  expect(await store.sweep()).toBe(300);
  expect(watching.compactions).toBe(0);
  at(START + 9000);
  expect(await store.sweep()).toBe(400);
  expect(watching.compactions).toBe(1);
});

test("the directory shrinks with what was swept", async () => {
  at(START);
  const location = scratch();
  await using store = await LevelStore.open(location, { sync: false, writeBufferSize: 65536 });
  const data = Array.from({ length: 600 }, () => Math.random().toString(36)).join("");
  await fill(store, 0, 1000, 1000, { data });
  await fill(store, 1000, 1050, 9000, { data });
  const before = bytes(location);
  at(START + 1000);
  expect(await store.sweep()).toBe(1000);
  expect(bytes(location)).toBeLessThan(before / 5);
  expect(await collect(store.list())).toHaveLength(50);
});

function bytes(location: string): number {
  const tables = readdirSync(location).filter((name) => name.endsWith(".ldb"));
  return tables.reduce((sum, name) => sum + statSync(join(location, name)).size, 0);
}
