import { beforeEach, describe, expect, test } from "@jest/globals";
import { type Fault, FaultyStore } from "@sess/core/conformance";
import { expectCode } from "./support/expect-code.ts";
import { ReferenceStore } from "./support/reference-store.ts";
import { all } from "./support/sessions.ts";
import { isPending, KEY, record } from "./support/store-calls.ts";
import { untypedCall } from "./support/untyped-call.ts";

let inner: ReferenceStore;
let store: FaultyStore<ReferenceStore>;
beforeEach(() => {
  inner = new ReferenceStore();
  store = new FaultyStore(inner);
});

describe("the call that a fault hits", () => {
  const failed = (promise: Promise<unknown>) =>
    promise.then(
      () => "resolved",
      () => "rejected",
    );

  /** How six calls in a row end. */
  async function six(fault: Fault): Promise<string[]> {
    const injected = store.inject(fault);
    const ends: string[] = [];
    for (const call of [1, 2, 3]) {
      ends.push(await failed(store.load(KEY)));
      ends.push(await failed(store.save(KEY, record(call))));
    }
    expect(injected.hits).toBe(ends.filter((end) => end === "rejected").length);
    return ends.map((end) => (end === "rejected" ? "x" : "-"));
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
  ])("%s is the one that %j asks for", async (expected, aim) => {
    expect((await six({ effect: "reject-before", ...aim })).join("")).toBe(expected);
  });

  test("is hit by the fault injected first where two wait for it; both count it", async () => {
    const one = store.inject({ effect: "reject-before", call: 2, error: "one" });
    const two = store.inject({ effect: "reject-before", call: 2, persistent: true, error: "two" });
    await store.load(KEY);
    await expect(store.load(KEY)).rejects.toBe("one");
    await expect(store.load(KEY)).rejects.toBe("two");
    expect([one.hits, two.hits]).toEqual([1, 1]);
  });

  test("is none any more once the fault, or the store, is healed", async () => {
    const fault = store.inject({ effect: "reject-before", persistent: true });
    await expect(store.load(KEY)).rejects.toThrow();
    await fault.heal();
    expect(await store.load(KEY)).toBeUndefined();
    store.inject({ effect: "reject-before", persistent: true });
    await expect(store.load(KEY)).rejects.toThrow();
    await store.heal();
    expect(await store.load(KEY)).toBeUndefined();
  });

  test("may be each of the optional methods", async () => {
    const injected = store.inject({ effect: "reject-before", persistent: true });
    await expect(store.touch?.(KEY, 1)).rejects.toThrow("touch()");
    await expect(store.sweep?.()).rejects.toThrow("sweep()");
    await expect(store.close?.()).rejects.toThrow("close()");
    await expect(store.delete(KEY)).rejects.toThrow("delete()");
    expect(injected.hits).toBe(4);
    expect(inner.calls).toEqual([]);
  });
});

describe("a listing that is hit", () => {
  const keys = ["a", "b", "c"].map((letter) => `~${letter.repeat(43)}`);

  beforeEach(async () => {
    for (const key of keys) await inner.save(key, record());
    inner.calls.length = 0;
  });

  /** The first letters of what was listed, and how it ended. */
  async function listed(fault: Fault): Promise<string> {
    store.inject(fault);
    let letters = "";
    try {
      for await (const [key] of store.list?.("ada") ?? []) letters += key[1];
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
  ])("ends as %s by %j", async (expected, fault) => {
    expect(await listed({ method: "list", ...fault })).toBe(expected);
  });

  test("before its first entry does not ask the store", async () => {
    await listed({ effect: "reject-before" });
    expect(inner.calls).toEqual([]);
  });

  test("hangs after some entries until it is healed", async () => {
    const fault = store.inject({ effect: "hang-before", entries: 1 });
    const seen: string[] = [];
    const reading = (async () => {
      for await (const [key] of store.list?.() ?? []) seen.push(key);
    })();
    await fault.firstHit;
    expect(await isPending(reading)).toBe(true);
    expect(seen).toEqual(keys.slice(0, 1));
    await fault.heal();
    await reading;
    expect(seen).toEqual(keys);
  });

  test("twice shares no record between the two", async () => {
    store.inject({ effect: "duplicate-first" });
    const listing = store.list?.();
    const records = listing ? (await all(listing)).map(([, each]) => each) : [];
    expect(new Set(records).size).toBe(6);
  });
});

describe("a fault that cannot be meant is refused:", () => {
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
    const error = await expectCode(() => untypedCall(store, "inject", fault), "INVALID_OPTION");
    expect(error.message).toMatch(/^inject: /);
  });
});
