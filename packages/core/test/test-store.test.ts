import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { SessionError, type Store } from "@sess/core";
import { testStore } from "@sess/core/conformance";
import { clausesOf, failuresOf } from "./broken-stores/failures.ts";
import { ReferenceStore, TestClock } from "./broken-stores/reference-store.ts";

const print = jest.spyOn(console, "log");

beforeEach(() => {
  print.mockReset().mockReturnValue(undefined);
});

afterEach(() => {
  print.mockReset();
});

const realTime = {
  get now() {
    return Date.now();
  },
};

/** As small as a store may be. */
function threeMethods(clock: TestClock): Store {
  const store = new ReferenceStore(clock);
  return {
    load: (key) => store.load(key),
    save: (key, record) => store.save(key, record),
    delete: (key, revision) => store.delete(key, revision),
  };
}

describe("options", () => {
  const createStore = () => new ReferenceStore(new TestClock());
  const base = { test: () => {}, createStore };

  test.each([
    ["neither connect nor singleProcess", base, "connect, which opens"],
    ["both of them", { ...base, connect: createStore, singleProcess: true }, "either connect or"],
    ["no runner", { createStore, singleProcess: true }, "test function"],
    ["no factory", { test: base.test, singleProcess: true }, "createStore"],
    ["half a clock", { ...base, singleProcess: true, clock: { set() {} } }, "advance(ms)"],
    ["a resolution of 0", { ...base, singleProcess: true, resolution: 0 }, "above 0"],
    ["an unknown one", { ...base, singleProcess: true, timeout: 1 }, "no option timeout"],
  ])("%s are refused at once", (_, options, message) => {
    const call = () => Reflect.apply(testStore, undefined, [options]);
    expect(call).toThrow(SessionError);
    expect(call).toThrow(
      expect.objectContaining({
        code: "INVALID_OPTION",
        message: expect.stringContaining(message),
      }),
    );
  });
});

describe("a store that lacks optional methods", () => {
  test("passes, and each reason is printed once", async () => {
    const clock = new TestClock();
    const createStore = () => threeMethods(clock);
    const failures = await failuresOf((test) => ({
      test,
      createStore,
      singleProcess: true,
      clock,
    }));
    expect(failures).toEqual(new Map());
    const printed = print.mock.calls.map(([line]) => line);
    expect(printed).toContain("@sess/core/conformance: skipped, the store has no touch()");
    expect(printed).toContain("@sess/core/conformance: skipped, the store has no list()");
    expect(new Set(printed).size).toBe(printed.length);
  });

  test("is skipped by a runner that hands its tests the means to skip", async () => {
    const clock = new TestClock();
    const skip = jest.fn<(reason: string) => void>();
    const cases = new Map<string, (context: unknown) => unknown>();
    const createStore = () => threeMethods(clock);
    testStore({
      test: (name, run) => cases.set(name, run),
      createStore,
      singleProcess: true,
      clock,
    });
    await cases.get("touch: a touch is no revision")?.({ skip });
    await cases.get("round-trip: times keep every millisecond")?.({ skip });
    expect(skip.mock.calls).toEqual([["the store has no touch()"]]);
  });
});

test("without a clock expiry is tested in real time", async () => {
  const failures = await failuresOf<ReferenceStore>((test) => ({
    test,
    createStore: () => new ReferenceStore(realTime),
    connect: (store) => new ReferenceStore(realTime, store.database),
    resolution: 20,
  }));
  expect(failures).toEqual(new Map());
}, 60_000);

test("without a clock a store that ignores expiry fails", async () => {
  const failures = await failuresOf((test) => ({
    test: (name, run) => name.startsWith("expiry: an expired") && test(name, run),
    createStore: () => new ReferenceStore({ now: 0 }),
    singleProcess: true,
    resolution: 20,
  }));
  expect(clausesOf(failures)).toEqual(["expiry"]);
});

test("cases that a runner starts side by side do not share a clock", async () => {
  const clock = new TestClock();
  const runs: Promise<void>[] = [];
  testStore({
    test: (_, run) => runs.push(run()),
    createStore: () => new ReferenceStore(clock),
    connect: (store) => new ReferenceStore(clock, store.database),
    clock,
  });
  await Promise.all(runs);
});

test("every store that a case has opened is closed, also where the case fails", async () => {
  const clock = new TestClock();
  const opened = new Set<ReferenceStore>();
  await failuresOf((test) => ({
    test,
    createStore() {
      const store = new (class extends ReferenceStore {
        override async load() {
          return undefined;
        }

        override async close() {
          await super.close();
          opened.delete(this);
        }
      })(clock);
      opened.add(store);
      return store;
    },
    singleProcess: true,
    clock,
  }));
  expect(opened.size).toBe(0);
});
