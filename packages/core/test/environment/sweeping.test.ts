import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { SessionManager } from "@sess/core";
import { FaultyStore } from "@sess/core/conformance";
import { bare, expectCode, ReferenceStore } from "@sess/test-support";
import { watchChannels } from "../support/channels.ts";
import { INJECTED_ERROR } from "../support/faults.ts";
import { saved } from "../support/sessions.ts";
import { HOUR, MINUTE, pass, startTime, stopTime } from "../support/time.ts";

let store = new ReferenceStore();
let faults = new FaultyStore(store);
let managers: SessionManager[] = [];
beforeEach(() => {
  stopTime();
  store = new ReferenceStore();
  faults = new FaultyStore(store);
  managers = [];
});
afterEach(async () => {
  await Promise.all(managers.map((manager) => manager.close()));
  jest.restoreAllMocks();
  startTime();
});

function manage(options: Partial<ConstructorParameters<typeof SessionManager>[0]> = {}) {
  const manager = new SessionManager({ store: faults, ...options });
  managers.push(manager);
  return manager;
}

/** From now on each sweep of the store takes `ms`. */
function slow(ms: number): void {
  store.around = async ({ method }, apply) => {
    if (method === "sweep") await new Promise((resolve) => setTimeout(resolve, ms));
    return apply();
  };
}

describe("the sweeps of a manager", () => {
  test("come every five minutes, the first one after five minutes", async () => {
    manage();
    await pass(5 * MINUTE - 1);
    expect(store.calls).toEqual([]);
    await pass(1);
    expect(store.calls).toEqual(["sweep"]);
    await pass(10 * MINUTE);
    expect(store.calls).toEqual(["sweep", "sweep", "sweep"]);
  });

  test("come sweepInterval after the end of the one before", async () => {
    slow(700);
    manage({ sweepInterval: 1_000 });
    await pass(1_000);
    expect(store.calls).toHaveLength(1);
    await pass(1_699);
    expect(store.calls).toHaveLength(1);
    await pass(1);
    expect(store.calls).toHaveLength(2);
  });

  test("never overlap, however slow the store is", async () => {
    slow(10_000);
    const manager = manage({ sweepInterval: 1_000 });
    await pass(5_000);
    void manager.sweep();
    await pass(5_000);
    expect(store.calls).toHaveLength(1);
    await pass(1_000);
  });

  test("remove what has expired and nothing else", async () => {
    const manager = manage();
    await saved(manager);
    await pass(HOUR);
    const { handle } = await saved(manager);
    await pass(23 * HOUR + 5 * MINUTE);
    expect([...store.records.keys()]).toEqual([handle]);
  });

  test("do not keep the process alive", () => {
    const timers = jest.spyOn(globalThis, "setTimeout");
    manage();
    expect(timers).toHaveBeenCalledTimes(1);
    const timer: unknown = timers.mock.results[0]?.value;
    expect(hasRef(timer)).toBe(false);
  });

  test.each([
    ["with sweepInterval: 0", () => manage({ sweepInterval: 0 })],
    ["with a store without sweep()", () => manage({ store: bare(store) })],
  ])("do not come %s, and there is no timer", async (_, make) => {
    make();
    expect(jest.getTimerCount()).toBe(0);
    await pass(HOUR);
    expect(store.calls).toEqual([]);
  });

  test("end with close(), even if one is under way", async () => {
    slow(700);
    const manager = manage({ sweepInterval: 1_000 });
    await pass(1_000);
    await manager.close();
    await pass(HOUR);
    expect(store.calls).toEqual(["sweep", "close"]);
    expect(jest.getTimerCount()).toBe(0);
  });

  test("go on after one that fails, which only the channel tells", async () => {
    const watched = watchChannels();
    manage({ sweepInterval: 1_000 });
    faults.inject({ effect: "reject-before", call: 1 });
    await pass(1_000);
    watched.stop();
    const error = { code: "STORE_UNAVAILABLE", cause: INJECTED_ERROR };
    expect(watched.seen.at(-1)).toMatchObject({ name: "sweep", event: { error } });
    await pass(1_000);
    expect(store.calls).toEqual(["sweep"]);
  });
});

describe("sweep()", () => {
  test("resolves to the number of expired sessions that it removed", async () => {
    const manager = manage({ sweepInterval: 0 });
    for (let count = 3; count > 0; count -= 1) await saved(manager);
    expect(await manager.sweep()).toBe(0);
    await pass(24 * HOUR);
    expect(await manager.sweep()).toBe(3);
    expect(store.records.size).toBe(0);
  });

  test("joins a sweep that is under way", async () => {
    const manager = manage({ sweepInterval: 0 });
    await saved(manager);
    await pass(24 * HOUR);
    store.calls.length = 0;
    slow(100);
    const both = Promise.all([manager.sweep(), manager.sweep()]);
    await pass(100);
    expect(await both).toEqual([1, 1]);
    expect(store.calls).toEqual(["sweep"]);
    const next = manager.sweep();
    await pass(100);
    expect(await next).toBe(0);
  });

  test("rejects if the store fails, and can be tried again", async () => {
    const manager = manage({ sweepInterval: 0 });
    faults.inject({ effect: "reject-before", call: 1 });
    await expectCode(manager.sweep(), "STORE_UNAVAILABLE");
    expect(await manager.sweep()).toBe(0);
  });

  test("resolves to 0 with a store without sweep()", async () => {
    expect(await manage({ store: bare(store) }).sweep()).toBe(0);
    expect(store.calls).toEqual([]);
  });
});

function hasRef(timer: unknown): unknown {
  if (typeof timer !== "object" || timer === null) return undefined;
  return Reflect.apply(Reflect.get(timer, "hasRef"), timer, []);
}
