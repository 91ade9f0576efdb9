import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { type Session, SessionManager, type SessionManagerOptions } from "@sess/core";
import { HOUR, MINUTE, pass, startClock, stopClock } from "../support/clock.ts";
import { expectCode } from "../support/expect-code.ts";
import { bare } from "../support/reference-store.ts";
import { loaded, saved, stored } from "../support/sessions.ts";
import { SpyStore } from "../support/spy.ts";

let store: SpyStore;

beforeEach(() => {
  stopClock();
  store = new SpyStore();
});
afterEach(startClock);

function manager(options: Partial<SessionManagerOptions> = {}): SessionManager {
  return new SessionManager({ store, sweepInterval: 0, idleTimeout: 10 * HOUR, ...options });
}

/** What the store is asked for when the unchanged `session` is saved. */
async function asked(session: Session) {
  store.counts();
  await session.save();
  return store.counts();
}

describe("an unchanged session", () => {
  test("is extended when a tenth of idleTimeout has passed, not sooner", async () => {
    const session = await saved(manager());
    await pass(HOUR - 1);
    expect(await asked(session)).toEqual({});
    await pass(1);
    expect(await asked(session)).toEqual({ touch: 1 });
    expect(session.expiresAt.getTime()).toBe(Date.now() + 10 * HOUR);
    expect(store.records.get(session.handle)?.expiresAt).toBe(Date.now() + 10 * HOUR);
  });

  test("is extended after touchAfter where that is given", async () => {
    const session = await saved(manager({ touchAfter: 3 * HOUR }));
    await pass(3 * HOUR - 1);
    expect(await asked(session)).toEqual({});
    await pass(1);
    expect(await asked(session)).toEqual({ touch: 1 });
  });

  test("is extended at each save with touchAfter 0, once for each instant", async () => {
    const session = await saved(manager({ touchAfter: 0 }));
    expect(await asked(session)).toEqual({});
    await pass(1);
    expect(await asked(session)).toEqual({ touch: 1 });
    expect(await asked(session)).toEqual({});
  });

  test("counts from the last extension, whichever object saw it", async () => {
    const sessions = manager();
    const session = await saved(sessions);
    for (let round = 0; round < 3; round += 1) {
      await pass(HOUR);
      expect(await asked(session)).toEqual({ touch: 1 });
      expect(await asked(await loaded(sessions, session.id))).toEqual({});
    }
  });

  test("with a lifetime of its own is extended after a tenth of that", async () => {
    const session = manager().create({ idleTimeout: HOUR });
    session.set("alias", "GoTamer");
    await session.save();
    await pass(6 * MINUTE - 1);
    expect(await asked(session)).toEqual({});
    await pass(1);
    expect(await asked(session)).toEqual({ touch: 1 });
    expect(session.expiresAt.getTime()).toBe(Date.now() + HOUR);
  });

  test("in use never dies between two extensions, however long touchAfter is", async () => {
    const session = await saved(manager({ touchAfter: 20 * HOUR }));
    for (let access = 0; access < 5; access += 1) {
      await pass(5 * HOUR);
      await session.save();
    }
    expect(session.expiresAt.getTime()).toBe(Date.now() + 10 * HOUR);
  });

  test("that has reached its absolute limit is not touched again and again", async () => {
    const session = await saved(manager({ absoluteTimeout: 15 * HOUR }));
    await pass(6 * HOUR);
    expect(await asked(session)).toEqual({ touch: 1 });
    expect(session.expiresAt.getTime()).toBe(session.createdAt.getTime() + 15 * HOUR);
    await pass(HOUR);
    expect(await asked(session)).toEqual({});
    await pass(7 * HOUR);
    expect(await asked(session)).toEqual({});
  });

  test("is shortened where idleTimeout has been shortened since", async () => {
    const session = await saved(manager());
    const shorter = manager({ idleTimeout: HOUR });
    expect(await asked(await loaded(shorter, session.id))).toEqual({ touch: 1 });
    expect(store.records.get(session.handle)?.expiresAt).toBe(Date.now() + HOUR);
    expect(await asked(await loaded(shorter, session.id))).toEqual({});
  });

  test("is not written to: what another has saved meanwhile stays", async () => {
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

  test("is not touched again where another's save has just extended it", async () => {
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

  test.each(["destroyed", "expired"])("that was %s rejects", async (how) => {
    const sessions = manager();
    const session = await saved(sessions);
    const other = await loaded(sessions, session.id);
    await pass(how === "expired" ? 10 * HOUR : HOUR);
    if (how === "destroyed") await other.destroy();
    await expectCode(session.save(), "SESSION_DESTROYED");
    expect(await sessions.load(session.id)).toBeUndefined();
  });

  test("that has got a new id rejects and does not prolong what leads to the new one", async () => {
    const sessions = manager();
    const session = await saved(sessions);
    const other = await loaded(sessions, session.id);
    await pass(HOUR);
    await other.regenerate();
    await expectCode(session.save(), "SESSION_DESTROYED");
    await pass(5 * MINUTE);
    expect(await store.load(session.handle)).toBeUndefined();
  });

  test("is extended by an update() that changes nothing", async () => {
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

describe("in a store without touch, an unchanged session", () => {
  test("is extended by a save that keeps what it holds", async () => {
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

  test("counts a refused extension as done, since another saved", async () => {
    const sessions = manager({ store: bare(store) });
    const session = await saved(sessions, { x: 1 });
    const other = await loaded(sessions, session.id);
    await pass(HOUR);
    other.set("x", 2);
    await other.save();
    expect(await asked(session)).toEqual({ save: 1 });
    expect(await stored(sessions, session.id)).toEqual({ x: 2 });
  });

  test("counts a refused extension as done and revives nothing that was destroyed", async () => {
    const sessions = manager({ store: bare(store) });
    const session = await saved(sessions);
    await sessions.destroy(session.id);
    await pass(HOUR);
    expect(await asked(session)).toEqual({ save: 1 });
    expect(store.records.size).toBe(0);
  });
});
