import { test } from "@jest/globals";
import { testStore } from "@sess/core/conformance";
import { TextStore } from "../src/text-store.ts";

const databases = new WeakMap<TextStore, Map<string, string>>();

function open(database = new Map<string, string>()): TextStore {
  const store = new TextStore(database);
  databases.set(store, database);
  return store;
}

testStore({
  test,
  createStore: () => open(),
  connect: (store) => open(databases.get(store)),
  damage: (store, key) => void databases.get(store)?.set(key, "{"),
});
