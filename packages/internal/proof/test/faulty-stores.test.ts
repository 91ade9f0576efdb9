import { afterAll, describe, jest, test } from "@jest/globals";
import { FaultyStore, testStore } from "@sess/core/conformance";
import { LevelStore } from "@sess/store-level";
import { MemoryStore } from "@sess/store-memory";
import { scratch } from "@sess/test-support";

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
afterAll(() => {
  jest.restoreAllMocks();
});

const common = { test, clock, singleProcess: true } as const;

// A faulty store that has no fault must not change what the store behind it does.
describe("memory, behind a faulty store without a fault,", () => {
  testStore({ ...common, createStore: () => new FaultyStore(new MemoryStore()) });
});
describe("LevelDB, behind a faulty store without a fault,", () => {
  const open = () => LevelStore.open(scratch(), { sync: false });
  testStore({ ...common, createStore: async () => new FaultyStore(await open()) });
});
