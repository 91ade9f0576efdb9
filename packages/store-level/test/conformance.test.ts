import { afterAll, afterEach, describe, jest, test } from "@jest/globals";
import { testStore } from "@sess/core/conformance";
import { LevelStore, type LevelStoreOptions } from "@sess/store-level";
import { ClassicLevel } from "classic-level";
import { scratch } from "./scratch.ts";

let now = 0;
const clock = {
  set(instant: number) {
    now = instant;
  },
  advance(ms: number) {
    now += ms;
  },
};

jest.spyOn(Date, "now").mockImplementation(() => now);

const databases = new WeakMap<LevelStore, ClassicLevel>();
const root = new ClassicLevel(scratch());
let sublevels = 0;

/** LevelDB's files are inherited by whatever process a later test starts: none stay open. */
const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close();
});

afterAll(async () => {
  jest.restoreAllMocks();
  await root.close();
});

async function overDatabase(options?: LevelStoreOptions): Promise<LevelStore> {
  const db = new ClassicLevel(scratch());
  await db.open();
  const store = new LevelStore(db, options);
  databases.set(store, db);
  opened.push(store, db);
  return store;
}

async function overDirectory(): Promise<LevelStore> {
  const store = await LevelStore.open(scratch());
  opened.push(store);
  return store;
}

async function overSublevel(): Promise<LevelStore> {
  const sublevel = root.sublevel<string, unknown>(`store-${++sublevels}`, {
    valueEncoding: "json",
  });
  await sublevel.open();
  return new LevelStore(sublevel);
}

async function damage(store: LevelStore, key: string): Promise<void> {
  const db = databases.get(store);
  const text = await db?.get(`r${key}`);
  await db?.put(`r${key}`, `${text?.slice(0, -1)}\u0001`);
}

const common = { test, clock, singleProcess: true } as const;

describe("in a directory of its own", () => {
  testStore({ ...common, createStore: overDirectory });
});
describe("over a database", () => {
  testStore({ ...common, createStore: () => overDatabase(), damage });
});
describe("over a sublevel with another encoding", () => {
  testStore({ ...common, createStore: overSublevel });
});
describe("reading asynchronously", () => {
  testStore({ ...common, createStore: () => overDatabase({ read: "async" }), damage });
});
describe("without sync", () => {
  testStore({ ...common, createStore: () => overDatabase({ sync: false }), damage });
});
