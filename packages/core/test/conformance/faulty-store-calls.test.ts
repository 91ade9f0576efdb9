import { beforeEach, describe, expect, test } from "@jest/globals";
import { type Fault, FaultyStore } from "@sess/core/conformance";
import { collect, expectCode, isPending, ReferenceStore, record } from "@sess/test-support";

const HANDLE = `~${"a".repeat(43)}`;

let inner: ReferenceStore;
let store: FaultyStore<ReferenceStore>;
beforeEach(() => {
  inner = new ReferenceStore();
  store = new FaultyStore(inner);
});

describe("the call that a fault hits", () => {
  const outcomeOf = (promise: Promise<unknown>) =>
    promise.then(
      () => "-",
      () => "x",
    );

  /** Makes three loads and three saves in turn. An x stands for each that rejects. */
  async function outcomesOfSixCalls(fault: Fault): Promise<string> {
    const injected = store.inject(fault);
    let outcomes = "";
    for (const revision of [1, 2, 3]) {
      outcomes += await outcomeOf(store.load(HANDLE));
      outcomes += await outcomeOf(store.save(HANDLE, record({ revision })));
    }
    expect(injected.hits).toBe(outcomes.replaceAll("-", "").length);
    return outcomes;
  }

  test.each<[string, Omit<Fault, "effect">]>([
    ["x-----", {}],
    ["---x--", { call: 4 }],
    ["------", { call: 7 }],
    ["-x----", { method: "save" }],
    ["-----x", { method: "save", call: 3 }],
    ["---xxx", { call: 4, persistent: true }],
    ["-x-x-x", { method: "save", persistent: true }],
    ["------", { method: "sweep", persistent: true }],
  ])("%s is the one that %j describes", async (expected, options) => {
    expect(await outcomesOfSixCalls({ effect: "reject-before", ...options })).toBe(expected);
  });

  test("is hit by the fault that was injected first, and counted by all", async () => {
    const one = store.inject({ effect: "reject-before", call: 2, error: "one" });
    const two = store.inject({ effect: "reject-before", call: 2, persistent: true, error: "two" });
    await store.load(HANDLE);
    await expect(store.load(HANDLE)).rejects.toBe("one");
    await expect(store.load(HANDLE)).rejects.toBe("two");
    expect([one.hits, two.hits]).toEqual([1, 1]);
  });

  test("is no longer hit once the fault, or the store, is healed", async () => {
    const fault = store.inject({ effect: "reject-before", persistent: true });
    await expect(store.load(HANDLE)).rejects.toThrow();
    await fault.heal();
    expect(await store.load(HANDLE)).toBeUndefined();
    store.inject({ effect: "reject-before", persistent: true });
    await expect(store.load(HANDLE)).rejects.toThrow();
    await store.heal();
    expect(await store.load(HANDLE)).toBeUndefined();
  });

  test("can be of any method", async () => {
    const injected = store.inject({ effect: "reject-before", persistent: true });
    await expect(store.touch?.(HANDLE, 1)).rejects.toThrow("touch()");
    await expect(store.sweep?.()).rejects.toThrow("sweep()");
    await expect(store.close?.()).rejects.toThrow("close()");
    await expect(store.delete(HANDLE)).rejects.toThrow("delete()");
    expect(injected.hits).toBe(4);
    expect(inner.calls).toEqual([]);
  });
});

describe("a listing that is hit", () => {
  const handles = ["a", "b", "c"].map((letter) => `~${letter.repeat(43)}`);

  beforeEach(async () => {
    for (const handle of handles) await inner.save(handle, record({ owner: "ada" }));
    inner.forget();
  });

  /** The first letters of the handles that were listed, and `!` if the listing rejected. */
  async function listed(fault: Fault): Promise<string> {
    store.inject(fault);
    let letters = "";
    try {
      for await (const [handle] of store.list?.("ada") ?? []) letters += handle[1];
      return letters;
    } catch {
      return `${letters}!`;
    }
  }

  test.each<[string, Fault]>([
    ["!", { effect: "reject-before" }],
    ["!", { effect: "reject-early" }],
    ["abc!", { effect: "reject-after" }],
    ["ab!", { effect: "reject-before", entries: 2 }],
    ["a!", { effect: "reject-after", entries: 1 }],
    ["abc!", { effect: "reject-before", entries: 9 }],
    ["aabbcc", { effect: "duplicate-first" }],
    ["abc", { effect: "delay-before", entries: 2, delay: 1 }],
    ["abc", { effect: "reject-before", call: 2 }],
  ])("yields %s with %j", async (expected, fault) => {
    expect(await listed({ method: "list", ...fault })).toBe(expected);
  });

  test("before its first entry does not ask the store", async () => {
    await listed({ effect: "reject-before" });
    expect(inner.calls).toEqual([]);
  });

  test("hangs after some entries until the fault is healed", async () => {
    const fault = store.inject({ effect: "hang-before", entries: 1 });
    const seen: string[] = [];
    const reading = (async () => {
      for await (const [handle] of store.list?.() ?? []) seen.push(handle);
    })();
    await fault.firstHit;
    expect(await isPending(reading)).toBe(true);
    expect(seen).toEqual(handles.slice(0, 1));
    await fault.heal();
    await reading;
    expect(seen).toEqual(handles);
  });

  test("twice yields two objects for each record", async () => {
    store.inject({ effect: "duplicate-first" });
    const listing = store.list?.();
    const records = listing ? (await collect(listing)).map(([, each]) => each) : [];
    expect(new Set(records).size).toBe(6);
  });
});

describe("a fault that makes no sense is refused:", () => {
  test.each<object>([
    {},
    { effect: "reject" },
    { effect: "reject-before", method: "get" },
    { effect: "reject-before", call: 0 },
    { effect: "reject-before", call: 1.5 },
    { effect: "reject-before", entries: -1 },
    { effect: "delay-before", delay: Number.NaN },
    { effect: "reject-before", times: 2 },
  ])("%j", async (fault) => {
    const inject = () => Reflect.apply(store.inject, store, [fault]);
    const error = await expectCode(inject, "INVALID_OPTION");
    expect(error.message).toMatch(/^inject: /);
  });
});
