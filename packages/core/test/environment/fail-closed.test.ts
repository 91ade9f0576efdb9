import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { type Session, SessionError } from "@sess/core";
import type { FaultEffect, StoreMethod } from "@sess/core/conformance";
import { collect, expectCode } from "@sess/test-support";
import { FAULTS, INJECTED_ERROR } from "../support/faults.ts";
import { loaded, saved, stored, type World, world } from "../support/sessions.ts";
import { startTime, stopTime } from "../support/time.ts";

let { store, faults, sessions, elsewhere }: World = world();
beforeEach(() => {
  ({ store, faults, sessions, elsewhere } = world({ touchAfter: 0 }));
});
// An unhandled rejection is noticed one tick later, so that it fails the test that it belongs to.
afterEach(() => new Promise<void>((go) => setImmediate(go)));

type Task = (id: string) => Promise<unknown>;
const tasks: [string, StoreMethod, Task][] = [
  ["load()", "load", (id) => sessions.load(id)],
  ["open()", "load", (id) => sessions.open(id)],
  ["update()", "load", (id) => sessions.update(id, () => {})],
  ["destroy() by id", "load", (id) => sessions.destroy(id)],
  ["reload()", "load", async (id) => (await session(id)).reload()],
  ["save() after a refusal", "load", async (id) => (await outdated(id)).save()],
  ["save()", "save", async (id) => (await changed(id)).save()],
  ["update() that changes", "save", (id) => sessions.update(id, (each) => each.set("a", 1))],
  ["takeFlash()", "save", async (id) => (await session(id)).takeFlash("notice")],
  ["regenerate()", "save", async (id) => (await session(id)).regenerate()],
  ["save() that extends", "touch", async (id) => (await session(id)).save()],
  ["destroy()", "delete", async (id) => (await session(id)).destroy()],
  ["revoke()", "delete", async (id) => sessions.revoke((await session(id)).handle)],
  ["revokeAll()", "delete", () => sessions.revokeAll("ada")],
  ["list()", "list", () => collect(sessions.list())],
  ["revokeAll(), listing", "list", () => sessions.revokeAll("ada")],
  ["sweep()", "sweep", () => sessions.sweep()],
  ["close()", "close", () => world({ store: faults }).sessions.close()],
];

const held = new Map<string, Session>();

/** A session that was loaded before the store failed. */
async function session(id: string): Promise<Session> {
  const found = held.get(id);
  if (found === undefined) throw new Error("unknown id");
  return found;
}

async function changed(id: string): Promise<Session> {
  const found = await session(id);
  found.set("mine", true);
  return found;
}

async function outdated(id: string): Promise<Session> {
  const { handle } = await session(id);
  const record = store.records.get(handle);
  if (record) store.records.set(handle, { ...record, revision: record.revision + 1 });
  return changed(id);
}

async function scene(): Promise<string> {
  const first = await saved(sessions, { alias: "GoTamer" }, "ada");
  first.flash("notice", "hello");
  await first.save();
  held.set(first.id, await loaded(sessions, first.id));
  jest.setSystemTime(Date.now() + 1_000);
  store.forget();
  return first.id;
}

describe("a failing store is an error, never an empty session:", () => {
  beforeEach(stopTime);
  afterEach(startTime);

  test.each(tasks)("%s rejects when the store fails to %s", async (_, method, task) => {
    const id = await scene();
    const before = new Map(store.records);
    faults.inject({ effect: "reject-before", method: method, persistent: true });
    const error = await expectCode(task(id), "STORE_UNAVAILABLE");
    expect(error.cause).toEqual(INJECTED_ERROR);
    expect(error.message).toContain(`failed to ${method}`);
    expect(error.message.includes("unknown")).toBe(["save", "touch", "delete"].includes(method));
    expect([...store.records.keys()]).toEqual(expect.arrayContaining([...before.keys()]));
  });

  test.each(tasks)("%s rejects with the store's own SessionError (%s)", async (_, method, task) => {
    const id = await scene();
    const locked = new SessionError("STORE_LOCKED", "Another process has the store open.");
    store.around = (call, apply) => (call.method === method ? Promise.reject(locked) : apply());
    await expect(task(id)).rejects.toBe(locked);
  });

  test.each(tasks)(
    "%s rejects when the store throws instead of rejecting (%s)",
    async (_, method, task) => {
      const id = await scene();
      const thrown = new Error("thrown, not rejected");
      store.around = (call, apply) => {
        if (call.method === method) throw thrown;
        return apply();
      };
      const error = await expectCode(task(id), "STORE_UNAVAILABLE");
      expect(error.cause).toEqual(thrown);
    },
  );

  test.each(tasks)("%s succeeds when it is tried again (%s)", async (_, method, task) => {
    const id = await scene();
    faults.inject({ effect: "reject-before", method: method, persistent: true });
    await expectCode(task(id), "STORE_UNAVAILABLE");
    await faults.heal();
    store.forget();
    await task(id);
    expect(store.calls).not.toEqual([]);
  });
});

describe("in the whole life of a session,", () => {
  /** Signs in, works, reads a message and signs out elsewhere. Tries each step again if it fails. */
  async function life(): Promise<string> {
    const visitor = sessions.create();
    visitor.set("cart", ["tea"]);
    visitor.flash("notice", "welcome");
    await again(() => visitor.save());
    const user = await again(() => loaded(elsewhere, visitor.id));
    user.owner = "ada";
    await again(() => user.regenerate());
    const other = await again(() => loaded(sessions, user.id));
    other.get("cart").push("milk");
    await again(() => other.save());
    expect(await again(() => other.takeFlash("notice"))).toEqual(["welcome"]);
    await again(() => sessions.revokeAll("ada", { except: other }));
    await again(() => elsewhere.update(user.id, (each) => each.set("done", true)));
    return user.id;
  }

  async function again<T>(task: () => Promise<T>): Promise<T> {
    try {
      return await task();
    } catch (error) {
      expect(error).toMatchObject({ code: "STORE_UNAVAILABLE" });
      return task();
    }
  }

  const CALLS = 16;
  const cases = FAULTS.flatMap(([name, effect]) =>
    Array.from({ length: CALLS }, (_, index): [string, number, FaultEffect] => [
      name,
      index + 1,
      effect,
    ]),
  );

  test("there are no more calls than are tried here", async () => {
    await life();
    expect(store.calls.length).toBeLessThanOrEqual(CALLS);
  });

  test.each(cases)(
    "a store that %s in call %i leaves what was asked for",
    async (_, call, effect) => {
      faults.inject({ effect, call });
      const id = await life();
      await faults.heal();
      expect(await stored(elsewhere, id)).toEqual({ cart: ["tea", "milk"], done: true });
      expect(await collect(elsewhere.list())).toMatchObject([{ owner: "ada" }]);
      expect(await (await loaded(elsewhere, id)).takeFlash("notice")).toEqual([]);
    },
  );
});
