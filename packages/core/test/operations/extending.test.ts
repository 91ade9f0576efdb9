import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { type Session, SessionManager, type SessionManagerOptions } from "@sess/core";
import { bare, expectCode, SpyStore } from "@sess/test-support";
import { loaded, saved, stored } from "../support/sessions.ts";
import { HOUR, MINUTE, pass, startTime, stopTime } from "../support/time.ts";

let store: SpyStore;

beforeEach(() => {
  stopTime();
  store = new SpyStore();
});
afterEach(startTime);

function manager(options: Partial<SessionManagerOptions> = {}): SessionManager {
  return new SessionManager({ store, sweepInterval: 0, idleTimeout: 10 * HOUR, ...options });
}

/** What saving the unchanged `session` asks of the store. */
async function asked(session: Session) {
  store.counts();
  await session.save();
  return store.counts();
}

describe("saving an unchanged session", () => {
  test("extends it when a tenth of idleTimeout has passed, and not sooner", async () => {
    const session = await saved(manager());
    await pass(HOUR - 1);
    expect(await asked(session)).toEqual({});
    await pass(1);
    expect(await asked(session)).toEqual({ touch: 1 });
    expect(session.expiresAt.getTime()).toBe(Date.now() + 10 * HOUR);
    expect(store.records.get(session.handle)?.expiresAt).toBe(Date.now() + 10 * HOUR);
  });

  test("extends it when touchAfter has passed, if that is given", async () => {
    const session = await saved(manager({ touchAfter: 3 * HOUR }));
    await pass(3 * HOUR - 1);
    expect(await asked(session)).toEqual({});
    await pass(1);
    expect(await asked(session)).toEqual({ touch: 1 });
  });

  test("extends it each time with touchAfter 0, but once at the same instant", async () => {
    const session = await saved(manager({ touchAfter: 0 }));
    expect(await asked(session)).toEqual({});
    await pass(1);
    expect(await asked(session)).toEqual({ touch: 1 });
    expect(await asked(session)).toEqual({});
  });

  test("counts from the last extension, whichever object made it", async () => {
    const sessions = manager();
    const session = await saved(sessions);
    for (let round = 0; round < 3; round += 1) {
      await pass(HOUR);
      expect(await asked(session)).toEqual({ touch: 1 });
      expect(await asked(await loaded(sessions, session.id))).toEqual({});
    }
  });

  test("extends a session with a lifetime of its own after a tenth of that", async () => {
    const session = manager().create({ idleTimeout: HOUR });
    session.set("alias", "GoTamer");
    await session.save();
    await pass(6 * MINUTE - 1);
    expect(await asked(session)).toEqual({});
    await pass(1);
    expect(await asked(session)).toEqual({ touch: 1 });
    expect(session.expiresAt.getTime()).toBe(Date.now() + HOUR);
  });

  test("keeps a session in use alive, however long touchAfter is", async () => {
    const session = await saved(manager({ touchAfter: 20 * HOUR }));
    for (let access = 0; access < 5; access += 1) {
      await pass(5 * HOUR);
      await session.save();
    }
    expect(session.expiresAt.getTime()).toBe(Date.now() + 10 * HOUR);
  });

  test("does not touch a session again that has reached its absolute limit", async () => {
    const session = await saved(manager({ absoluteTimeout: 15 * HOUR }));
    await pass(6 * HOUR);
    expect(await asked(session)).toEqual({ touch: 1 });
    expect(session.expiresAt.getTime()).toBe(session.createdAt.getTime() + 15 * HOUR);
    await pass(HOUR);
    expect(await asked(session)).toEqual({});
    await pass(7 * HOUR);
    expect(await asked(session)).toEqual({});
  });

  test("shortens its life if idleTimeout has been shortened since", async () => {
    const session = await saved(manager());
    const shorter = manager({ idleTimeout: HOUR });
    expect(await asked(await loaded(shorter, session.id))).toEqual({ touch: 1 });
    expect(store.records.get(session.handle)?.expiresAt).toBe(Date.now() + HOUR);
    expect(await asked(await loaded(shorter, session.id))).toEqual({});
  });

  test("does not shorten it for less than touchAfter", async () => {
    const session = await saved(manager());
    const shorter = manager({ idleTimeout: 9 * HOUR + 1, touchAfter: HOUR });
    expect(await asked(await loaded(shorter, session.id))).toEqual({});
    const shortest = manager({ idleTimeout: 9 * HOUR, touchAfter: HOUR });
    expect(await asked(await loaded(shortest, session.id))).toEqual({ touch: 1 });
  });

  test("writes no data: what another has saved meanwhile stays", async () => {
    const sessions = manager();
    const session = await saved(sessions, { x: 1 });
    await pass(HOUR);
    const stale = await loaded(sessions, session.id);
    session.set("x", 2);
    await session.save();
    await pass(HOUR);
    expect(await asked(stale)).toEqual({ load: 1, touch: 2 });
    expect(await stored(sessions, session.id)).toEqual({ x: 2 });
  });

  test("does not extend it again when the save of another has just done so", async () => {
    const sessions = manager();
    const session = await saved(sessions, { x: 1 });
    const stale = await loaded(sessions, session.id);
    await pass(HOUR);
    session.set("x", 2);
    await session.save();
    expect(await asked(stale)).toEqual({ load: 1, touch: 1 });
    expect(stale.get("x")).toBe(2);
    expect(stale.expiresAt).toEqual(session.expiresAt);
  });

  test.each(["destroyed", "expired"])("rejects if the session was %s", async (how) => {
    const sessions = manager();
    const session = await saved(sessions);
    const other = await loaded(sessions, session.id);
    await pass(how === "expired" ? 10 * HOUR : HOUR);
    if (how === "destroyed") await other.destroy();
    await expectCode(session.save(), "SESSION_DESTROYED");
    expect(await sessions.load(session.id)).toBeUndefined();
  });

  test("rejects if the session has a new id, and does not extend the forwarding record", async () => {
    const sessions = manager();
    const session = await saved(sessions);
    const other = await loaded(sessions, session.id);
    await pass(HOUR);
    await other.regenerate();
    await expectCode(session.save(), "SESSION_DESTROYED");
    await pass(HOUR);
    expect(await store.load(session.handle)).toBeUndefined();
  });

  test("extends it, as does an update() that changes nothing", async () => {
    const sessions = manager();
    const session = await saved(sessions);
    await sessions.update(session.id, () => {});
    expect(store.counts()).toEqual({ save: 1, load: 1 });
    await pass(HOUR);
    const updated = await sessions.update(session.id, () => {});
    expect(store.counts()).toEqual({ load: 1, touch: 1 });
    expect(updated?.expiresAt.getTime()).toBe(Date.now() + 10 * HOUR);
  });
});

describe("in a store without touch(), saving an unchanged session", () => {
  test("extends it by a save of the same data", async () => {
    const sessions = manager({ store: bare(store) });
    const session = await saved(sessions, { x: 1 }, "me");
    await pass(HOUR - 1);
    expect(await asked(session)).toEqual({});
    await pass(1);
    expect(await asked(session)).toEqual({ save: 1 });
    expect(session.expiresAt.getTime()).toBe(Date.now() + 10 * HOUR);
    expect(store.records.get(session.handle)).toMatchObject({
      revision: 2,
      owner: "me",
      expiresAt: Date.now() + 10 * HOUR,
    });
    expect(await stored(sessions, session.id)).toEqual({ x: 1 });
    session.set("x", 2);
    expect(await asked(session)).toEqual({ save: 1 });
  });

  test("counts as done when it is refused, since another has saved", async () => {
    const sessions = manager({ store: bare(store) });
    const session = await saved(sessions, { x: 1 });
    const other = await loaded(sessions, session.id);
    await pass(HOUR);
    other.set("x", 2);
    await other.save();
    expect(await asked(session)).toEqual({ save: 1 });
    expect(await stored(sessions, session.id)).toEqual({ x: 2 });
  });

  test("counts as done when the session was destroyed, and does not revive it", async () => {
    const sessions = manager({ store: bare(store) });
    const session = await saved(sessions);
    await sessions.destroy(session.id);
    await pass(HOUR);
    expect(await asked(session)).toEqual({ save: 1 });
    expect(store.records.size).toBe(0);
  });
});
