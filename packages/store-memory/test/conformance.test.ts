import { afterAll, test } from "@jest/globals";
import { testStore } from "@sess/core/conformance";
import { MemoryStore } from "@sess/store-memory";
import { StoppedClock } from "@sess/test-support";

const clock = new StoppedClock();
afterAll(() => clock[Symbol.dispose]());

testStore({ test, createStore: () => new MemoryStore(), singleProcess: true, clock });
