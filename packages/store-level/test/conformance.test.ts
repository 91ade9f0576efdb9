import { afterAll, afterEach, describe, test } from "@jest/globals";
import { testStore } from "@sess/core/conformance";
import { LevelStore, type LevelStoreOptions } from "@sess/store-level";
import { StoppedClock, scratch } from "@sess/test-support";
import { ClassicLevel } from "classic-level";

const clock = new StoppedClock();
const databases = new WeakMap<LevelStore, ClassicLevel>();
const paths = new WeakMap<LevelStore, string>();
const root = new ClassicLevel(scratch());
let sublevels = 0;

// A process that a later test starts inherits LevelDB's files, so none stay open.
const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close();
});

afterAll(async () => {
  clock[Symbol.dispose]();
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

async function inDirectory(path = scratch()): Promise<LevelStore> {
  const store = await LevelStore.open(path);
  paths.set(store, path);
  opened.push(store);
  return store;
}

function reopen(store: LevelStore): LevelStore | Promise<LevelStore> {
  const db = databases.get(store);
  return db === undefined ? inDirectory(paths.get(store)) : new LevelStore(db);
}

async function overSublevel(): Promise<LevelStore> {
  sublevels += 1;
  const options = { valueEncoding: "json" } as const;
  const sublevel = root.sublevel<string, unknown>(`store-${sublevels}`, options);
  await sublevel.open();
  return new LevelStore(sublevel);
}

async function damage(store: LevelStore, handle: string): Promise<void> {
  const db = databases.get(store);
  const text = await db?.get(`r${handle}`);
  await db?.put(`r${handle}`, `${text?.slice(0, -1)}\u0001`);
}

const common = { test, clock, singleProcess: true } as const;

describe("in a directory of its own", () => {
  testStore({ ...common, createStore: () => inDirectory(), reopen });
});

describe("over a database", () => {
  testStore({ ...common, createStore: () => overDatabase(), damage, reopen });
});

describe("over a database that somebody else closes", () => {
  testStore<LevelStore>({
    ...common,
    test: (name, run) => name.startsWith("failure") && test(name, run),
    createStore: () => overDatabase(),
    fail: (store) => databases.get(store)?.close(),
  });
});

describe("over a sublevel with another encoding", () => {
  testStore({ ...common, createStore: overSublevel });
});

describe("if it reads asynchronously", () => {
  testStore({ ...common, createStore: () => overDatabase({ read: "async" }), damage });
});

describe("without sync", () => {
  testStore({ ...common, createStore: () => overDatabase({ sync: false }), damage });
});
