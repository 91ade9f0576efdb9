import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { SessionError, type SessionRecord } from "@sess/core";
import { testStore } from "@sess/core/conformance";
import { bare, ReferenceStore } from "@sess/test-support";
import {
  clausesOf,
  failuresOf,
  failuresOfClass,
  messagesOf,
  placesOf,
  TestClock,
} from "./run-suite.ts";

const print = jest.spyOn(console, "log");

beforeEach(() => {
  print.mockReset().mockReturnValue(undefined);
});

afterEach(() => {
  print.mockReset();
});

describe("options:", () => {
  const createStore = () => new ReferenceStore();
  const base = { test: () => {}, createStore };

  test.each([
    ["neither connect nor singleProcess", base, "connect, which opens"],
    ["both of them", { ...base, connect: createStore, singleProcess: true }, "either connect or"],
    ["no runner", { createStore, singleProcess: true }, "test must be the test function"],
    ["no factory", { test: base.test, singleProcess: true }, "createStore must be"],
    ["a fault that is no function", { ...base, singleProcess: true, fail: true }, "fail must be a"],
    ["a path to reopen", { ...base, singleProcess: true, reopen: "./x" }, "reopen must be a"],
    ["half a clock", { ...base, singleProcess: true, clock: { set() {} } }, "set, advance"],
    ["a resolution of 0", { ...base, singleProcess: true, resolution: 0 }, "of ms from 1"],
    ["an unknown one", { ...base, singleProcess: true, timeout: 1 }, 'no option "timeout"'],
  ])("%s is refused at once", (_, options, message) => {
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

describe("a store without optional methods", () => {
  const clock = new TestClock();
  const createStore = () => bare(new ReferenceStore({ now: clock.now }));
  const options = { createStore, clock, singleProcess: true } as const;

  test("passes, and each reason for a skip is printed once", async () => {
    expect(await failuresOf((test) => ({ ...options, test }))).toEqual(new Map());
    const printed = print.mock.calls.map(([line]) => line);
    expect(printed).toContain("@sess/core/conformance: skipped, the store has no touch()");
    expect(printed).toContain("@sess/core/conformance: skipped, the store has no list()");
    expect(new Set(printed).size).toBe(printed.length);
  });

  test("skips cases through the context that a runner passes", async () => {
    const skip = jest.fn<(reason: string) => void>();
    const cases = new Map<string, (context: unknown) => unknown>();
    testStore({ ...options, test: (name, run) => cases.set(name, run) });
    await cases.get("touch: the revision stays the same")?.({ skip });
    await cases.get("round-trip: times keep every millisecond")?.({ skip });
    expect(skip.mock.calls).toEqual([["the store has no touch()"]]);
  });
});

describe("a failure", () => {
  test("names the sentence of the contract that was broken", async () => {
    const failures = await failuresOfClass(
      class extends ReferenceStore {
        override async delete() {
          return true;
        }
      },
    );
    const { "delete: a second delete resolves to false": failure } = messagesOf(failures);
    expect(failure).toMatch(/^AssertionError.*: sentence 12: a second delete\(\) must resolve to/);
  });

  test("names it also where the store rejected, and keeps the store's error", async () => {
    const refused = new Error("disk full");
    const failures = await failuresOfClass(
      class extends ReferenceStore {
        override async save(): Promise<boolean> {
          throw refused;
        }
      },
    );
    const failure = failures.get("revision: revision 1 is written if there is no record");
    expect(failure).toMatchObject({
      message: "sentence 9: a call rejected with Error: disk full",
      cause: refused,
    });
  });

  test("says so where it is createStore that breaks its promise", async () => {
    const records = new Map<string, SessionRecord>();
    const failures = await failuresOf((test) => ({
      test: (name, run) => name.startsWith("factory") && test(name, run),
      createStore: () => new ReferenceStore({ records }),
      singleProcess: true,
    }));
    expect(placesOf(failures)).toEqual(["createStore"]);
  });
});

describe("without a clock", () => {
  test("a warning says how exactly expiry is tested", () => {
    const warn = jest.spyOn(process, "emitWarning").mockReturnValue();
    const names: string[] = [];
    const options = { createStore: () => new ReferenceStore(), singleProcess: true } as const;
    testStore({ ...options, test: (name) => names.push(name), resolution: 20 });
    const warning = "no clock was passed, so expiry is tested in real time and within 20 ms only";
    expect(warn.mock.calls).toEqual([[`${warning}.`, "@sess/core/conformance"]]);
    expect(names).toContain(`expiry: skipped, ${warning}`);
    testStore({ ...options, test: () => {}, clock: new TestClock() });
    expect(warn).toHaveBeenCalledTimes(1);
    warn.mockRestore();
  });

  test("expiry is tested in real time", async () => {
    const failures = await failuresOf<ReferenceStore>((test) => ({
      test,
      createStore: () => new ReferenceStore(),
      connect: ({ records }) => new ReferenceStore({ records }),
      resolution: 20,
    }));
    expect(failures).toEqual(new Map());
  }, 60_000);

  test("a store that ignores expiry fails", async () => {
    const failures = await failuresOf((test) => ({
      test: (name, run) => name.startsWith("expiry: delete() of an expired") && test(name, run),
      createStore: () => new ReferenceStore({ now: () => 0 }),
      singleProcess: true,
      resolution: 20,
    }));
    expect(clausesOf(failures)).toEqual(["expiry"]);
  });
});

test("cases that a runner starts side by side do not disturb each other's clock", async () => {
  const clock = new TestClock();
  const { now } = clock;
  const runs: Promise<void>[] = [];
  testStore({
    test: (_, run) => runs.push(run()),
    createStore: () => new ReferenceStore({ now }),
    connect: ({ records }) => new ReferenceStore({ now, records }),
    clock,
  });
  await Promise.all(runs);
});

test("every store that a case opened is closed, even if the case fails", async () => {
  const open = new Set<ReferenceStore>();
  class ForgetfulStore extends ReferenceStore {
    override async load() {
      return undefined;
    }

    override async close() {
      await super.close();
      open.delete(this);
    }
  }
  const failures = await failuresOf((test) => ({
    test,
    createStore() {
      const store = new ForgetfulStore();
      open.add(store);
      return store;
    },
    singleProcess: true,
    clock: new TestClock(),
  }));
  expect(failures.size).toBeGreaterThan(0);
  expect(open.size).toBe(0);
});
