import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { SessionManager } from "@sess/core";
import { HOUR, MINUTE, pass, startClock, stopClock } from "../support/clock.ts";
import { expectCode } from "../support/expect-code.ts";
import { all, loaded, saved } from "../support/sessions.ts";
import { SpyStore, timeless } from "../support/spy.ts";

const DAY = 24 * HOUR;

let store: SpyStore;

beforeEach(() => {
  stopClock();
  store = new SpyStore();
});
afterEach(startClock);

/** A manager on the store of the test. */
function manager(
  options: { idleTimeout?: number; absoluteTimeout?: number; touchAfter?: number } = {},
) {
  return new SessionManager({ store, sweepInterval: 0, ...options });
}

test("a new session lives as long as it is to, also where the clock goes on meanwhile", () => {
  let now = Date.now();
  const clock = jest.spyOn(Date, "now").mockImplementation(() => now++);
  const { createdAt, expiresAt } = manager().create({ absoluteTimeout: 1 });
  clock.mockRestore();
  expect(expiresAt.getTime() - createdAt.getTime()).toBe(1);
});

describe("idleTimeout", () => {
  test("ends a session at the instant, counted from its last save", async () => {
    const sessions = manager({ idleTimeout: HOUR });
    const session = await saved(sessions);
    await pass(HOUR - 1);
    session.set("alias", "again");
    await session.save();
    await pass(HOUR - 1);
    expect(await sessions.load(session.id)).toBeDefined();
    await pass(1);
    expect(await sessions.load(session.id)).toBeUndefined();
  });

  test("ends it also where the store's own clock would let it live", async () => {
    const session = await saved(manager({ idleTimeout: HOUR }), {}, "me");
    const sessions = new SessionManager({ store: timeless(store.records) });
    await pass(HOUR - 1);
    expect(await sessions.load(session.id)).toBeDefined();
    expect(await all(sessions.list())).toHaveLength(1);
    await pass(1);
    expect(await sessions.load(session.id)).toBeUndefined();
    expect(await all(sessions.list())).toEqual([]);
  });

  test("is 24 hours by default", async () => {
    const session = await saved(manager());
    expect(session.expiresAt.getTime()).toBe(Date.now() + DAY);
    expect(store.records.get(session.handle)?.expiresAt).toBe(Date.now() + DAY);
  });
});

describe("absoluteTimeout", () => {
  test("ends a session at the instant, counted from its creation, however busy it is", async () => {
    const sessions = manager({ idleTimeout: HOUR, absoluteTimeout: 8 * HOUR });
    const session = await saved(sessions);
    for (let minute = 0; minute < 8 * 60 - 1; minute += 1) {
      await pass(MINUTE);
      if (minute % 2 === 0) session.set("minute", minute);
      await session.save();
    }
    await pass(MINUTE - 1);
    expect(session.expiresAt.getTime()).toBe(session.createdAt.getTime() + 8 * HOUR);
    expect(await sessions.load(session.id)).toBeDefined();
    await pass(1);
    expect(await sessions.load(session.id)).toBeUndefined();
  });

  test("is 30 days by default", async () => {
    const session = await saved(manager({ idleTimeout: 365 * DAY }));
    expect(session.expiresAt.getTime()).toBe(Date.now() + 30 * DAY);
  });

  test("holds at once where it was tightened, in load and in list", async () => {
    const session = await saved(manager({ idleTimeout: 10 * DAY }), {}, "me");
    const tightened = manager({ idleTimeout: 10 * DAY, absoluteTimeout: DAY });
    await pass(DAY - 1);
    expect(await tightened.load(session.id)).toBeDefined();
    expect(await all(tightened.list("me"))).toHaveLength(1);
    await pass(1);
    expect(await tightened.load(session.id)).toBeUndefined();
    expect(await all(tightened.list("me"))).toEqual([]);
    expect(await manager().load(session.id)).toBeDefined();
  });

  test("lets no expiry be issued at or before now: the store is not even asked", async () => {
    const sessions = manager({ idleTimeout: HOUR, absoluteTimeout: HOUR });
    const changed = await saved(sessions);
    const idle = await saved(sessions);
    const early = sessions.create();
    early.set("alias", "never saved in time");
    await pass(HOUR);
    store.counts();
    changed.set("alias", "late");
    for (const session of [changed, idle, early])
      await expectCode(session.save(), "SESSION_DESTROYED");
    await expectCode(changed.regenerate(), "SESSION_DESTROYED");
    expect(store.counts()).toEqual({});
  });
});

describe("an expired session", () => {
  test("cannot be saved or extended by the object that is left of it", async () => {
    const sessions = manager({ idleTimeout: HOUR });
    const [changed, unchanged] = [await saved(sessions), await saved(sessions)];
    await pass(HOUR);
    changed.set("alias", "late");
    await expectCode(changed.save(), "SESSION_DESTROYED");
    await expectCode(unchanged.save(), "SESSION_DESTROYED");
    expect(await sessions.load(changed.id)).toBeUndefined();
    expect(await sessions.load(unchanged.id)).toBeUndefined();
  });
});

describe("a lifetime of a session's own", () => {
  const own = { idleTimeout: 10 * DAY, absoluteTimeout: 90 * DAY };

  test("travels in its data: other managers keep to it", async () => {
    const session = manager().create(own);
    session.set("alias", "GoTamer");
    await session.save();
    await pass(9 * DAY);
    const elsewhere = await loaded(
      manager({ idleTimeout: HOUR, absoluteTimeout: DAY }),
      session.id,
    );
    elsewhere.set("alias", "still here");
    await elsewhere.save();
    expect(elsewhere.expiresAt.getTime()).toBe(Date.now() + 10 * DAY);
    await pass(10 * DAY);
    expect(await manager().load(session.id)).toBeUndefined();
  });

  test("keeps its own absolute limit", async () => {
    const session = manager().create({ ...own, idleTimeout: 365 * DAY });
    session.set("alias", "GoTamer");
    await session.save();
    expect(session.expiresAt.getTime()).toBe(Date.now() + 90 * DAY);
  });

  test("survives each kind of save", async () => {
    const session = manager().create(own);
    session.set("alias", "GoTamer");
    await session.save();
    await pass(2 * DAY);
    await session.save();
    expect(session.expiresAt.getTime()).toBe(Date.now() + 10 * DAY);
    await session.regenerate();
    expect(session.expiresAt.getTime()).toBe(Date.now() + 10 * DAY);
    await manager().update(session.id, (fresh) => fresh.clear());
    const record = store.records.get(session.handle);
    expect(record?.expiresAt).toBe(Date.now() + 10 * DAY);
  });

  test.each([
    [{ idleTimeout: MINUTE }, MINUTE],
    [{ absoluteTimeout: 2 * MINUTE }, 2 * MINUTE],
  ])("may be half of one: %j over the manager's", async (half, expected) => {
    const session = manager({ idleTimeout: HOUR }).create(half);
    session.set("alias", "GoTamer");
    await session.save();
    const elsewhere = await loaded(manager({ idleTimeout: HOUR }), session.id);
    elsewhere.set("views", 1);
    await elsewhere.save();
    expect(elsewhere.expiresAt.getTime()).toBe(Date.now() + expected);
  });
});

describe("a clock that is set", () => {
  test("back keeps sessions alive and lets them be saved", async () => {
    const sessions = manager({ idleTimeout: HOUR });
    const session = await saved(sessions);
    jest.setSystemTime(Date.now() - 2 * HOUR);
    const again = await loaded(sessions, session.id);
    again.set("views", 1);
    await again.save();
    expect(again.expiresAt.getTime()).toBe(Date.now() + HOUR);
  });

  test("back leaves no session that lives longer than its idleTimeout from now on", async () => {
    const sessions = manager({ idleTimeout: HOUR });
    const session = await saved(sessions);
    jest.setSystemTime(Date.now() - 2 * HOUR);
    await (await loaded(sessions, session.id)).save();
    expect(store.records.get(session.handle)?.expiresAt).toBe(Date.now() + HOUR);
  });

  test("forward hides sessions and destroys none: set right, they are there again", async () => {
    const sessions = manager({ idleTimeout: HOUR });
    const session = await saved(sessions);
    await pass(2 * HOUR);
    expect(await sessions.load(session.id)).toBeUndefined();
    jest.setSystemTime(Date.now() - 2 * HOUR);
    expect(await sessions.load(session.id)).toBeDefined();
  });
});
