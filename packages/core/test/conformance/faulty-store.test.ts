import { beforeEach, describe, expect, jest, test } from "@jest/globals";
import { SessionError, type Store } from "@sess/core";
import { type FaultEffect, FaultyStore } from "@sess/core/conformance";
import { bare, handle, isPending, ReferenceStore, record } from "@sess/test-support";

const [HANDLE, OTHER] = [handle(1), handle(2)];

let inner: ReferenceStore;
let store: FaultyStore<ReferenceStore>;
beforeEach(() => {
  inner = new ReferenceStore();
  store = new FaultyStore(inner);
});

describe("a FaultyStore without faults", () => {
  test("has the optional methods of its store, and no others", () => {
    const names = ["touch", "list", "sweep", "close"];
    expect(names.filter((name) => name in store)).toEqual(names);
    expect(names.filter((name) => name in new FaultyStore(bare(inner)))).toEqual([]);
    expect(store.store).toBe(inner);
  });

  test("has the maxBytes of its store, if that has any", () => {
    expect(new FaultyStore(new ReferenceStore({ maxBytes: 5 })).maxBytes).toBe(5);
    expect("maxBytes" in store).toBe(false);
  });

  test("passes every call on with its arguments and returns the store's own promise", () => {
    const calls: unknown[][] = [];
    const answer = Promise.resolve(true);
    const listing = (async function* () {})();
    const noted = (...call: unknown[]) => {
      calls.push(call);
      return answer;
    };
    const noting = {
      load: (...call: unknown[]) => noted(...call).then(() => undefined),
      save: noted,
      delete: noted,
      touch: noted,
      list: (...call: unknown[]) => {
        noted(...call);
        return listing;
      },
    } satisfies Store;
    const wrapped = new FaultyStore(noting);
    const given = record();
    expect(wrapped.save(HANDLE, given)).toBe(answer);
    expect(wrapped.delete(HANDLE)).toBe(answer);
    expect(wrapped.delete(HANDLE, 2)).toBe(answer);
    expect(wrapped.touch?.(HANDLE, 3)).toBe(answer);
    expect(wrapped.touch?.(HANDLE, 3, 2)).toBe(answer);
    expect(wrapped.list?.()).toBe(listing);
    expect(wrapped.list?.("ada")).toBe(listing);
    expect(calls).toEqual([
      [HANDLE, given],
      [HANDLE],
      [HANDLE, 2],
      [HANDLE, 3],
      [HANDLE, 3, 2],
      [],
      ["ada"],
    ]);
    expect(calls[0]?.[1]).toBe(given);
  });
});

describe("a fault", () => {
  test.each<[FaultEffect, boolean]>([
    ["reject-before", false],
    ["reject-after", true],
  ])("%s rejects the call; the store has carried it out: %s", async (effect, isDone) => {
    store.inject({ effect });
    await expect(store.save(HANDLE, record())).rejects.toThrow(
      `An injected fault: ${effect} of save().`,
    );
    expect(inner.records.has(HANDLE)).toBe(isDone);
    expect(await store.save(OTHER, record())).toBe(true);
  });

  test("reject-early rejects at once, and the store carries the call out on heal()", async () => {
    const fault = store.inject({ effect: "reject-early" });
    await expect(store.save(HANDLE, record())).rejects.toThrow("reject-early of save()");
    expect(inner.calls).toEqual([]);
    expect(await store.save(OTHER, record())).toBe(true);
    await fault.heal();
    expect([...inner.records.keys()]).toEqual([OTHER, HANDLE]);
  });

  test("reject-early causes no unhandled rejection if the late call fails", async () => {
    inner.around = () => Promise.reject(new Error("down"));
    store.inject({ effect: "reject-early" });
    await expect(store.load(HANDLE)).rejects.toThrow("reject-early of load()");
    await store.heal();
    expect(inner.calls).toEqual(["load"]);
  });

  test.each<[FaultEffect, boolean]>([
    ["hang-before", false],
    ["hang-after", true],
  ])(
    "%s waits for heal(); meanwhile the store has carried the call out: %s",
    async (effect, isDone) => {
      const fault = store.inject({ effect });
      const saving = store.save(HANDLE, record());
      await fault.firstHit;
      expect(await isPending(saving)).toBe(true);
      expect(inner.records.has(HANDLE)).toBe(isDone);
      expect(await store.save(OTHER, record())).toBe(true);
      await fault.heal();
      expect(await saving).toBe(true);
      expect(inner.records.has(HANDLE)).toBe(true);
    },
  );

  test.each<[FaultEffect, boolean]>([
    ["delay-before", false],
    ["delay-after", true],
  ])(
    "%s waits for its delay; meanwhile the store has carried the call out: %s",
    async (effect, isDone) => {
      jest.useFakeTimers({ doNotFake: ["nextTick", "queueMicrotask", "setImmediate"] });
      try {
        store.inject({ effect, delay: 500 });
        const saving = store.save(HANDLE, record());
        await jest.advanceTimersByTimeAsync(499);
        expect(inner.records.has(HANDLE)).toBe(isDone);
        expect(await isPending(saving)).toBe(true);
        await jest.advanceTimersByTimeAsync(1);
        expect(await saving).toBe(true);
      } finally {
        jest.useRealTimers();
      }
    },
  );

  test.each<[FaultEffect, boolean]>([
    ["duplicate-first", true],
    ["duplicate-second", false],
  ])("%s asks the store twice and resolves to that answer", async (effect, answer) => {
    store.inject({ effect });
    expect(await store.save(HANDLE, record())).toBe(answer);
    expect(inner.calls).toEqual(["save", "save"]);
  });

  test("rejects with the given error, whatever it is", async () => {
    const locked = new SessionError("STORE_LOCKED", "Locked.");
    for (const error of [locked, "text", undefined]) {
      store.inject({ effect: "reject-before", error });
      await expect(store.load(HANDLE)).rejects.toBe(error);
    }
  });

  test("saves the record as it was when save() was called", async () => {
    const fault = store.inject({ effect: "hang-before" });
    const given = record();
    const saving = store.save(HANDLE, given);
    Object.assign(given, { data: "changed" });
    await fault.heal();
    await saving;
    expect(inner.records.get(HANDLE)?.data).toBe("data");
  });
});
