import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { SessionManager } from "@sess/core";
import { collect, expectCode, ReferenceStore, SpyStore } from "@sess/test-support";
import { loaded, saved } from "../support/sessions.ts";
import { DAY, HOUR, MINUTE, pass, startTime, stopTime } from "../support/time.ts";

let store: SpyStore;

beforeEach(() => {
  stopTime();
  store = new SpyStore();
});
afterEach(startTime);

/** A manager on the store of the test. */
function manager(
  options: { idleTimeout?: number; absoluteTimeout?: number; touchAfter?: number } = {},
) {
  return new SessionManager({ store, sweepInterval: 0, ...options });
}

test("a new session lives for its whole lifetime, even if the clock goes on while it is created", () => {
  let now = Date.now();
  const clock = jest.spyOn(Date, "now").mockImplementation(() => now++);
  const { createdAt, expiresAt } = manager().create({ absoluteTimeout: 1 });
  clock.mockRestore();
  expect(expiresAt.getTime() - createdAt.getTime()).toBe(1);
});

describe("idleTimeout", () => {
  test("ends a session at the very millisecond, counted from its last save", async () => {
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

  test("has passed when the store's clock says so, whatever the clock of this process says", async () => {
    const session = await saved(manager({ idleTimeout: HOUR }), {}, "me");
    let behind = 6 * MINUTE;
    const now = () => Date.now() - behind;
    const slowClock = new ReferenceStore({ now, records: store.records });
    const sessions = new SessionManager({ store: slowClock, idleTimeout: HOUR, sweepInterval: 0 });
    await pass(HOUR);
    expect(await sessions.load(session.id)).toBeDefined();
    expect(await collect(sessions.list("me"))).toHaveLength(1);
    behind = 0;
    expect(await sessions.load(session.id)).toBeUndefined();
    expect(await collect(sessions.list("me"))).toEqual([]);
  });

  test("does not keep a session from revokeAll() in a process whose clock is ahead", async () => {
    const session = await saved(manager({ idleTimeout: 5 * MINUTE }), {}, "ada");
    const start = Date.now();
    const serverClock = new ReferenceStore({ now: () => start, records: store.records });
    const ahead = new SessionManager({ store: serverClock, idleTimeout: 5 * MINUTE });
    await pass(6 * MINUTE);
    expect(await ahead.revokeAll("ada")).toBe(1);
    expect(store.records.has(session.handle)).toBe(false);
    await ahead.close();
  });

  test("is 24 hours by default", async () => {
    const session = await saved(manager());
    expect(session.expiresAt.getTime()).toBe(Date.now() + DAY);
    expect(store.records.get(session.handle)?.expiresAt).toBe(Date.now() + DAY);
  });
});

describe("absoluteTimeout", () => {
  test("ends a session at the very millisecond, counted from its creation, however busy it is", async () => {
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

  test("applies at once when it is shortened, to load and list", async () => {
    const session = await saved(manager({ idleTimeout: 10 * DAY }), {}, "me");
    const tightened = manager({ idleTimeout: 10 * DAY, absoluteTimeout: DAY });
    await pass(DAY - 1);
    expect(await tightened.load(session.id)).toBeDefined();
    expect(await collect(tightened.list("me"))).toHaveLength(1);
    await pass(1);
    expect(await tightened.load(session.id)).toBeUndefined();
    expect(await collect(tightened.list("me"))).toEqual([]);
    expect(await manager().load(session.id)).toBeDefined();
  });

  test("rejects a late save before the store is asked", async () => {
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
  test("can be neither saved nor extended by an object of it", async () => {
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

describe("a session's own lifetime", () => {
  const own = { idleTimeout: 10 * DAY, absoluteTimeout: 90 * DAY };

  test("is stored with it: other managers apply it", async () => {
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

  test("has its own absolute limit", async () => {
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
  ])("may be one of the two: %j", async (half, expected) => {
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

  test("back lets no session live longer than its idleTimeout from now on", async () => {
    const sessions = manager({ idleTimeout: HOUR });
    const session = await saved(sessions);
    jest.setSystemTime(Date.now() - 2 * HOUR);
    await (await loaded(sessions, session.id)).save();
    expect(store.records.get(session.handle)?.expiresAt).toBe(Date.now() + HOUR);
  });

  test("forward hides sessions until it is set right, and destroys none", async () => {
    const sessions = manager({ idleTimeout: HOUR });
    const session = await saved(sessions);
    await pass(2 * HOUR);
    expect(await sessions.load(session.id)).toBeUndefined();
    jest.setSystemTime(Date.now() - 2 * HOUR);
    expect(await sessions.load(session.id)).toBeDefined();
  });
});
