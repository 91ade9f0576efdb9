import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { type Session, SessionError } from "@sess/core";
import { startClock, stopClock } from "../support/clock.ts";
import { expectCode } from "../support/expect-code.ts";
import { EngineError, FAULTS, type Fault, faulty } from "../support/faults.ts";
import type { Verb } from "../support/reference-store.ts";
import { all, loaded, saved, stored, type World, world } from "../support/sessions.ts";

let { store, sessions, elsewhere }: World = world();
beforeEach(() => {
  ({ store, sessions, elsewhere } = world({ touchAfter: 0 }));
});
// A rejection that nobody handles is noticed a turn later, and fails the test that it belongs to.
afterEach(() => new Promise<void>((go) => setImmediate(go)));

type Task = (id: string) => Promise<unknown>;
const tasks: [string, Verb, Task][] = [
  ["load()", "load", (id) => sessions.load(id)],
  ["open()", "load", (id) => sessions.open(id)],
  ["update()", "load", (id) => sessions.update(id, () => {})],
  ["destroy() by id", "load", (id) => sessions.destroy(id)],
  ["reload()", "load", async (id) => (await session(id)).reload()],
  ["a save after a refusal", "load", async (id) => (await outdated(id)).save()],
  ["save()", "save", async (id) => (await changed(id)).save()],
  ["update() that changes", "save", (id) => sessions.update(id, (each) => each.set("a", 1))],
  ["takeFlash()", "save", async (id) => (await session(id)).takeFlash("notice")],
  ["regenerate()", "save", async (id) => (await session(id)).regenerate()],
  ["extending", "touch", async (id) => (await session(id)).save()],
  ["destroy()", "delete", async (id) => (await session(id)).destroy()],
  ["revoke()", "delete", async (id) => sessions.revoke((await session(id)).handle)],
  ["revokeAll()", "delete", () => sessions.revokeAll("ada")],
  ["list()", "list", () => all(sessions.list())],
  ["revokeAll(), listing", "list", () => sessions.revokeAll("ada")],
  ["sweep()", "sweep", () => sessions.sweep()],
  ["close()", "close", () => world({ store }).sessions.close()],
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
  beforeEach(stopClock);
  afterEach(startClock);

  test.each(tasks)("%s, when the store fails to %s", async (_, verb, task) => {
    const id = await scene();
    const before = new Map(store.records);
    store.around = faulty("rejects before applying", (call) => call.verb === verb);
    const error = await expectCode(task(id), "STORE_UNAVAILABLE");
    expect(error.cause).toBeInstanceOf(EngineError);
    expect(error.message).toContain(`failed to ${verb}`);
    expect(error.message.includes("unknown")).toBe(["save", "touch", "delete"].includes(verb));
    expect([...store.records.keys()]).toEqual(expect.arrayContaining([...before.keys()]));
  });

  test.each(tasks)("%s keeps a store's own SessionError (%s)", async (_, verb, task) => {
    const id = await scene();
    const locked = new SessionError("STORE_LOCKED", "Another process has the store open.");
    store.around = (call, apply) => (call.verb === verb ? Promise.reject(locked) : apply());
    await expect(task(id)).rejects.toBe(locked);
  });

  test.each(tasks)("%s rejects where the store throws at once (%s)", async (_, verb, task) => {
    const id = await scene();
    store.around = (call, apply) => {
      if (call.verb === verb) throw new EngineError("thrown, not rejected");
      return apply();
    };
    const error = await expectCode(task(id), "STORE_UNAVAILABLE");
    expect(error.cause).toBeInstanceOf(EngineError);
  });

  test.each(tasks)("%s succeeds when it is done again (%s)", async (_, verb, task) => {
    const id = await scene();
    store.around = faulty("rejects before applying", (call) => call.verb === verb);
    await expectCode(task(id), "STORE_UNAVAILABLE");
    store.forget();
    await task(id);
    expect(store.calls).not.toEqual([]);
  });
});

describe("a failure at any call of a whole life,", () => {
  /** Signs in, works, reads a message, and signs out elsewhere; each step again where it failed. */
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
  const cases = FAULTS.flatMap((fault) =>
    Array.from({ length: CALLS }, (_, index): [Fault, number] => [fault, index + 1]),
  );

  test("of which each is tried here", async () => {
    await life();
    expect(store.calls.length).toBeLessThanOrEqual(CALLS);
  });

  test.each(cases)("where the store %s (call %i), leaves what was asked for", async (fault, n) => {
    store.around = faulty(fault, ({ count }) => count === n);
    const id = await life();
    store.forget();
    expect(await stored(elsewhere, id)).toEqual({ cart: ["tea", "milk"], done: true });
    expect(await all(elsewhere.list())).toMatchObject([{ owner: "ada" }]);
    expect(await (await loaded(elsewhere, id)).takeFlash("notice")).toEqual([]);
  });
});
