import { beforeEach, describe, expect, jest, test } from "@jest/globals";
import { type FaultEffect, FaultyStore } from "@sess/core/conformance";
import { SessionError, type Store } from "../src/index.ts";
import { startClock, stopClock } from "./support/clock.ts";
import { bare, ReferenceStore } from "./support/reference-store.ts";
import { isPending, KEY, OTHER, record } from "./support/store-calls.ts";

let inner: ReferenceStore;
let store: FaultyStore<ReferenceStore>;
beforeEach(() => {
  inner = new ReferenceStore();
  store = new FaultyStore(inner);
});

describe("a faulty store", () => {
  test("has the optional methods that the store behind it has, and no others", () => {
    const names = ["touch", "list", "sweep", "close"];
    expect(names.filter((name) => name in store)).toEqual(names);
    expect(names.filter((name) => name in new FaultyStore(bare(inner)))).toEqual([]);
    expect(store.store).toBe(inner);
  });

  test("passes each call on as it is and hands back the very promise, where there is no fault", () => {
    const seen: unknown[][] = [];
    const answer = Promise.resolve(true);
    const listing = (async function* () {})();
    const note = (...call: unknown[]) => {
      seen.push(call);
      return answer;
    };
    const noting = {
      load: (...call: unknown[]) => note(...call).then(() => undefined),
      save: note,
      delete: note,
      touch: note,
      list: (...call: unknown[]) => {
        note(...call);
        return listing;
      },
    } satisfies Store;
    const wrapped = new FaultyStore(noting);
    const given = record();
    expect(wrapped.save(KEY, given)).toBe(answer);
    expect(wrapped.delete(KEY)).toBe(answer);
    expect(wrapped.delete(KEY, 2)).toBe(answer);
    expect(wrapped.touch?.(KEY, 3)).toBe(answer);
    expect(wrapped.touch?.(KEY, 3, 2)).toBe(answer);
    expect(wrapped.list?.()).toBe(listing);
    expect(wrapped.list?.("ada")).toBe(listing);
    expect(seen).toEqual([[KEY, given], [KEY], [KEY, 2], [KEY, 3], [KEY, 3, 2], [], ["ada"]]);
    expect(seen[0]?.[1]).toBe(given);
  });
});

describe("a fault", () => {
  test.each<[FaultEffect, boolean]>([
    ["reject-before", false],
    ["reject-after", true],
  ])("%s rejects, and the store has done it: %s", async (effect, isDone) => {
    store.inject({ effect });
    await expect(store.save(KEY, record())).rejects.toThrow(
      `An injected fault: ${effect} of save().`,
    );
    expect(inner.records.has(KEY)).toBe(isDone);
    expect(await store.save(OTHER, record())).toBe(true);
  });

  test("reject-early rejects at once, and the store does it when the fault is healed", async () => {
    const fault = store.inject({ effect: "reject-early" });
    await expect(store.save(KEY, record())).rejects.toThrow("reject-early of save()");
    expect(inner.calls).toEqual([]);
    expect(await store.save(OTHER, record())).toBe(true);
    await fault.heal();
    expect([...inner.records.keys()]).toEqual([OTHER, KEY]);
  });

  test("reject-early whose late call fails rejects nowhere else", async () => {
    inner.around = () => Promise.reject(new Error("down"));
    store.inject({ effect: "reject-early" });
    await expect(store.load(KEY)).rejects.toThrow("reject-early of load()");
    await store.heal();
    expect(inner.calls).toEqual(["load"]);
  });

  test.each<[FaultEffect, boolean]>([
    ["hang-before", false],
    ["hang-after", true],
  ])(
    "%s waits until it is healed, and the store has done it before: %s",
    async (effect, isDone) => {
      const fault = store.inject({ effect });
      const saving = store.save(KEY, record());
      await fault.firstHit;
      expect(await isPending(saving)).toBe(true);
      expect(inner.records.has(KEY)).toBe(isDone);
      expect(await store.save(OTHER, record())).toBe(true);
      await fault.heal();
      expect(await saving).toBe(true);
      expect(inner.records.has(KEY)).toBe(true);
    },
  );

  test.each<[FaultEffect, boolean]>([
    ["delay-before", false],
    ["delay-after", true],
  ])(
    "%s waits as long as it says, and the store has done it before: %s",
    async (effect, isDone) => {
      stopClock();
      store.inject({ effect, delay: 500 });
      const saving = store.save(KEY, record());
      await jest.advanceTimersByTimeAsync(499);
      expect(inner.records.has(KEY)).toBe(isDone);
      const pending = isPending(saving);
      expect(await pending).toBe(true);
      await jest.advanceTimersByTimeAsync(1);
      expect(await saving).toBe(true);
      startClock();
    },
  );

  test.each<[FaultEffect, boolean]>([
    ["duplicate-first", true],
    ["duplicate-second", false],
  ])("%s asks the store twice and answers with that answer", async (effect, answer) => {
    store.inject({ effect });
    expect(await store.save(KEY, record())).toBe(answer);
    expect(inner.calls).toEqual(["save", "save"]);
  });

  test("rejects with the error that is given, whatever it is", async () => {
    const locked = new SessionError("STORE_LOCKED", "Locked.");
    for (const error of [locked, "text", undefined]) {
      store.inject({ effect: "reject-before", error });
      await expect(store.load(KEY)).rejects.toBe(error);
    }
  });

  test("keeps a record that its caller changes meanwhile as it was", async () => {
    const fault = store.inject({ effect: "hang-before" });
    const given = record();
    const saving = store.save(KEY, given);
    Reflect.set(given, "data", "spoiled");
    await fault.heal();
    await saving;
    expect(inner.records.get(KEY)?.data).toBe("data");
  });
});
