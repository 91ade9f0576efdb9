import { setImmediate as tick } from "node:timers/promises";
import { beforeEach, describe, expect, jest, test } from "@jest/globals";
import type { Session } from "@sess/core";
import { expectCode, StoppedClock } from "@sess/test-support";
import { between, shuffled } from "../support/interference.ts";
import { loaded, saved, type World, world } from "../support/sessions.ts";

let { store, sessions, elsewhere }: World = world();
beforeEach(() => {
  ({ store, sessions, elsewhere } = world());
});

const adas = () => saved(sessions, { a: 1 }, "ada");

async function many(count: number): Promise<Session[]> {
  return Promise.all(Array.from({ length: count }, adas));
}

async function survivors(among: readonly Session[]): Promise<Session[]> {
  const found = await Promise.all(among.map(({ id }) => elsewhere.load(id)));
  return among.filter((_, index) => found[index] !== undefined);
}

describe("revokeAll()", () => {
  test("ends all sessions of the owner and no other, and counts them", async () => {
    const theirs = await many(100);
    const others = [await saved(sessions, {}, "adam"), await saved(sessions)];
    expect(await elsewhere.revokeAll("ada")).toBe(100);
    expect(await survivors(theirs)).toEqual([]);
    expect(await survivors(others)).toEqual(others);
    expect(await elsewhere.revokeAll("ada")).toBe(0);
  });

  test("spares the session to except", async () => {
    const kept = await adas();
    const others = await many(2);
    expect(await sessions.revokeAll("ada", { except: kept })).toBe(2);
    expect(await survivors([kept, ...others])).toEqual([kept]);
  });

  test("spares the session to except when it has got two new ids elsewhere", async () => {
    const [other, kept] = [await adas(), await adas()];
    const moving = await loaded(elsewhere, kept.id);
    await moving.regenerate();
    await moving.regenerate();
    expect(await sessions.revokeAll("ada", { except: kept })).toBe(1);
    expect(await survivors([moving, other])).toEqual([moving]);
  });

  test.each(Array.from({ length: 12 }, (_, call) => [call + 1]))(
    "spares the session to except when it gets a new id before call %i of the store",
    async (nth) => {
      const [kept, other] = [await adas(), await adas()];
      const moving = await loaded(elsewhere, kept.id);
      store.forget();
      store.around = async ({ count }, apply) => {
        if (count === nth) {
          store.around = (_, next) => next();
          await moving.regenerate();
        }
        return apply();
      };
      expect(await sessions.revokeAll("ada", { except: kept })).toBe(1);
      store.forget();
      expect(await survivors([moving, other])).toEqual([moving]);
    },
  );

  test("spares the session to except hours after its object was loaded and it got new ids", async () => {
    const time = new StoppedClock();
    const [other, kept] = [await adas(), await adas()];
    await kept.regenerate();
    const held = await loaded(elsewhere, kept.id);
    await kept.regenerate();
    time.advance(2 * 3_600_000);
    expect(await elsewhere.revokeAll("ada", { except: held })).toBe(1);
    expect(await survivors([kept, other])).toEqual([kept]);
    time[Symbol.dispose]();
  });

  test("spares no other session when the one to except has ended", async () => {
    const [other, ended] = [await adas(), await adas()];
    await elsewhere.destroy(ended.id);
    expect(await sessions.revokeAll("ada", { except: ended })).toBe(1);
    expect(await survivors([other])).toEqual([]);
  });

  test("spares a session that belongs to another owner by now", async () => {
    const session = await adas();
    store.around = between("load", async () => {
      store.forget();
      session.owner = "grace";
      await session.save();
    });
    expect(await elsewhere.revokeAll("ada")).toBe(0);
    expect(await elsewhere.load(session.id)).toBeDefined();
  });

  test("is 0 for an owner without sessions", async () => {
    expect(await sessions.revokeAll("nobody")).toBe(0);
  });
});

describe("during revokeAll()", () => {
  type Task = (session: Session) => Promise<unknown>;
  const races: [string, Task][] = [
    ["saves", (session) => session.save()],
    ["new ids", (session) => session.regenerate()],
    ["two new ids each", (session) => session.regenerate().then(() => session.regenerate())],
    ["saves and new ids", (session) => Promise.all([session.save(), session.regenerate()])],
  ];
  const seeds = [1, 2, 3];
  const cases = races.flatMap(([name, task]) =>
    seeds.map((seed): [string, number, Task] => [name, seed, task]),
  );

  test.each(cases)("%s leave no earlier session loadable (seed %i)", async (_, seed, task) => {
    const earlier = await many(30);
    const other = await saved(sessions, {}, "grace");
    const ids = earlier.map(({ id }) => id);
    store.around = shuffled(seed);
    const lateLogin = saved(elsewhere, { late: true }, "ada");
    const busy = Promise.allSettled(
      earlier.map(async (session, index) => {
        for (let ticks = index % 8; ticks > 0; ticks -= 1) await tick();
        session.set("b", index);
        await task(session);
      }),
    );
    await elsewhere.revokeAll("ada");
    const outcomes = await busy;
    await lateLogin;
    store.forget();
    expect(await survivors(earlier)).toEqual([]);
    expect((await Promise.all(ids.map((id) => elsewhere.load(id)))).filter(Boolean)).toEqual([]);
    expect(await survivors([other])).toEqual([other]);
    const codes = outcomes.flatMap((each) => (each.status === "rejected" ? [each.reason] : []));
    for (const code of codes) expect(code).toMatchObject({ code: "SESSION_DESTROYED" });
  });

  test("a listed session that gets a new id and leaves no forwarding record is found again", async () => {
    const session = await adas();
    const { handle } = session;
    store.around = async ({ method, handle: called }, apply) => {
      if (method !== "load" || called !== handle) return apply();
      store.forget();
      await session.regenerate();
      // As in the last millisecond of the old record, which a forwarding record does not outlive.
      store.records.delete(handle);
      return apply();
    };
    await elsewhere.revokeAll("ada");
    expect(await survivors([session])).toEqual([]);
  });

  test("a session that does so before it is listed is found, too", async () => {
    const [, session = await adas()] = await many(2);
    const { handle } = session;
    store.around = async ({ method }, apply) => {
      const found = await apply();
      if (method !== "list") return found;
      // The list does not have its new handle, and its old one leads nowhere.
      store.forget();
      await session.regenerate();
      store.records.delete(handle);
      return found;
    };
    await elsewhere.revokeAll("ada");
    expect(await survivors([session])).toEqual([]);
  });
});

test("revokeAll() ends in SESSION_CONFLICT, with pauses, when a store lists what it does not load", async () => {
  jest.useFakeTimers();
  await saved(sessions, {}, "ada");
  store.list = async function* (owner) {
    for (const [handle, record] of this.records) if (record.owner === owner) yield [handle, record];
  };
  const load = jest.spyOn(store, "load").mockResolvedValue(undefined);
  const ended = expectCode(elsewhere.revokeAll("ada"), "SESSION_CONFLICT");
  await jest.advanceTimersByTimeAsync(11_000);
  await ended;
  expect(load.mock.calls.length).toBeLessThan(3_000);
  jest.useRealTimers();
});

test("revokeAll() ends in SESSION_CONFLICT within the time of a call when sessions keep being started", async () => {
  jest.useFakeTimers();
  await adas();
  let started = 0;
  store.around = async ({ method }, apply) => {
    const answer = await apply();
    if (method === "delete") {
      started += 1;
      await saved(elsewhere, { started }, "ada");
    }
    return answer;
  };
  const ended = expectCode(sessions.revokeAll("ada"), "SESSION_CONFLICT");
  await jest.advanceTimersByTimeAsync(11_000);
  expect((await ended).message).toContain("keep being started");
  jest.useRealTimers();
});

test("ending a session that gets a new id each time ends within the time of a call", async () => {
  jest.useFakeTimers();
  const session = await adas();
  store.around = async ({ method }, apply) => {
    const answer = await apply();
    if (method === "load") {
      const { around } = store;
      store.around = (_, next) => next();
      jest.advanceTimersByTime(1_000);
      await session.regenerate();
      store.around = around;
    }
    return answer;
  };
  const error = await expectCode(elsewhere.destroy(session.id), "SESSION_CONFLICT");
  expect(error.message).toContain("getting new ids");
  jest.useRealTimers();
});
