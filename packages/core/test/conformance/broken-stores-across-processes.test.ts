import { mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { anotherProcess, type Clock, type StoreTestOptions } from "@sess/core/conformance";
import { bundle, StoppedClock, scratch } from "@sess/test-support";
import {
  brokenClockStores,
  brokenFileStores,
} from "./broken-stores/across-processes/broken-file-stores.ts";
import { FileStore, ServerClockStore } from "./broken-stores/across-processes/file-store.ts";
import { type Failures, failuresOf, messagesOf, placesOf } from "./run-suite.ts";

/** Where the tests put a folder for each store, and the server's clock. */
const root = scratch();
const folders = new WeakMap<FileStore, string>();
let program = "";

beforeAll(() => {
  const source = join(__dirname, "broken-stores/across-processes/file-process.ts");
  program = bundle(source);
});

function open(Store: typeof FileStore, folder = mkdtempSync(join(root, "data-"))): FileStore {
  const store = new Store(folder);
  folders.set(store, folder);
  return store;
}

/** The clock of the server that `ServerClockStore` goes by. */
function serverClock(): Clock {
  const path = join(root, ServerClockStore.CLOCK);
  let time = 0;
  const set = (now: number) => {
    time = now;
    writeFileSync(path, String(now));
  };
  return { set, advance: (ms) => set(time + ms) };
}

type Connect = NonNullable<StoreTestOptions<FileStore>["connect"]>;

/** What two connections must do, over files. */
function optionsFor(Store: typeof FileStore, connect: Connect, clock: Clock) {
  return (each: StoreTestOptions["test"]): StoreTestOptions<FileStore> => ({
    test: (name, run) => name.startsWith("two connections") && each(name, run),
    createStore: () => open(Store),
    connect,
    clock,
  });
}

function inAnotherProcess(name: string, env = {}) {
  const address = (store: FileStore) => JSON.stringify({ name, folder: folders.get(store) });
  return anotherProcess<FileStore>({ module: program, address, env });
}

const breaks = (sentence: number) => (failures: Failures) => placesOf(failures).includes(sentence);

describe("by the clock of the processes", () => {
  test("a store that locks passes", async () => {
    using clock = new StoppedClock();
    const options = optionsFor(FileStore, inAnotherProcess("FileStore"), clock);
    expect(messagesOf(await failuresOf(options))).toEqual({});
  }, 60_000);

  test.each(brokenFileStores)(
    "a store that $name fails sentence $sentence",
    async ({ name, sentence, Store }) => {
      using clock = new StoppedClock();
      const options = optionsFor(Store, inAnotherProcess(name), clock);
      expect(placesOf(await failuresOf(options, breaks(sentence)))).toContain(sentence);
    },
    60_000,
  );

  test.each(brokenFileStores)(
    "a store that $name passes if both connections are of one process",
    async ({ Store }) => {
      using clock = new StoppedClock();
      const options = optionsFor(Store, (store) => open(Store, folders.get(store)), clock);
      expect(messagesOf(await failuresOf(options))).toEqual({});
    },
    60_000,
  );
});

describe("by the clock of a server", () => {
  const SERVER_CLOCK = { SERVER_CLOCK: "1" };

  test("a store that goes by it passes", async () => {
    const connect = inAnotherProcess("ServerClockStore", SERVER_CLOCK);
    const options = optionsFor(ServerClockStore, connect, serverClock());
    expect(messagesOf(await failuresOf(options))).toEqual({});
  }, 60_000);

  test.each(brokenClockStores)(
    "a store that $name fails sentence $sentence",
    async ({ name, sentence, Store }) => {
      const connect = inAnotherProcess(name, SERVER_CLOCK);
      const options = optionsFor(Store, connect, serverClock());
      const wrongClock = (test: StoreTestOptions["test"]) =>
        options((each, run) => each.includes("whose clock is") && test(each, run));
      expect(placesOf(await failuresOf(wrongClock))).toContain(sentence);
    },
    60_000,
  );
});
