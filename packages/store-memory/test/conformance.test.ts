import { afterAll, jest, test } from "@jest/globals";
import { testStore } from "@sess/core/conformance";
import { MemoryStore } from "@sess/store-memory";

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

testStore({ test, createStore: () => new MemoryStore(), singleProcess: true, clock });
