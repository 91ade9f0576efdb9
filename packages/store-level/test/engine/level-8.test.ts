import { afterAll, describe, expect, test } from "@jest/globals";
import { testStore } from "@sess/core/conformance";
import { LevelStore } from "@sess/store-level";
import { collect, expectCode, handle, record, StoppedClock, scratch } from "@sess/test-support";
import { Level } from "level";

// `level` 8 is abstract-level 1: it rejects with LEVEL_NOT_FOUND where later versions resolve to
// undefined, reads asynchronously alone, and its sublevels know their parent by another name.

const clock = new StoppedClock();
const databases: Level[] = [];

afterAll(async () => {
  clock[Symbol.dispose]();
  for (const db of databases) await db.close();
});

async function openLevel(): Promise<Level> {
  const db = new Level(scratch());
  await db.open();
  databases.push(db);
  return db;
}

describe("over a database of level 8", () => {
  const createStore = async () => new LevelStore(await openLevel());
  testStore({ test, clock, singleProcess: true, createStore });
});

describe("over a sublevel of level 8", () => {
  const createStore = async () => {
    const sublevel = (await openLevel()).sublevel<string, unknown>("s", { valueEncoding: "json" });
    await sublevel.open();
    return new LevelStore(sublevel);
  };
  testStore({ test, clock, singleProcess: true, createStore });
});

test("an id that is unknown to a level 8 database is not there", async () => {
  const store = new LevelStore(await openLevel());
  expect(await store.load(handle(1))).toBeUndefined();
  expect(await store.save(handle(1), record({ owner: "ada" }))).toBe(true);
  expect(await collect(store.list("ada"))).toHaveLength(1);
});

test("a second store over the same keys of a level 8 database is refused, and a closed one says so", async () => {
  const db = await openLevel();
  const [one, again] = [db.sublevel("one"), db.sublevel("one")];
  await Promise.all([one.open(), again.open()]);
  const store = new LevelStore(one);
  await expectCode(() => new LevelStore(again), "STORE_LOCKED");
  await db.close();
  await expectCode(store.load(handle(1)), "STORE_CLOSED");
});
