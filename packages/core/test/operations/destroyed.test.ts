import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import type { Session } from "@sess/core";
import { bare, collect, expectCode } from "@sess/test-support";
import { between } from "../support/interference.ts";
import { loaded, saved, stored, type World, world } from "../support/sessions.ts";
import { HOUR, pass, startTime, stopTime } from "../support/time.ts";

let { store, sessions, elsewhere }: World = world();
beforeEach(() => {
  stopTime();
  ({ store, sessions, elsewhere } = world());
});
afterEach(startTime);

type End = (session: Session) => Promise<unknown>;
const ends: [string, End][] = [
  ["destroyed by another object", async ({ id }) => (await loaded(elsewhere, id)).destroy()],
  ["destroyed by id", ({ id }) => elsewhere.destroy(id)],
  ["revoked", ({ handle }) => elsewhere.revoke(handle)],
  ["revoked with all sessions of its owner", () => elsewhere.revokeAll("ada")],
  ["given a new id", async ({ id }) => (await loaded(elsewhere, id)).regenerate()],
  ["left until it expired", expire],
  ["left until it expired and was swept", () => expire().then(() => elsewhere.sweep())],
];

async function expire(): Promise<void> {
  jest.setSystemTime(Date.now() + 24 * HOUR);
}

type Late = (session: Session) => Promise<unknown>;
const lates: [string, Late][] = [
  ["a save()", (session) => session.save()],
  ["a takeFlash()", (session) => session.takeFlash("notice")],
  ["a regenerate()", (session) => session.regenerate()],
  ["a reload()", (session) => session.reload()],
];

/** The object of a request that is not done yet and has an unsaved change. */
async function late(): Promise<Session> {
  const { id } = await saved(sessions, { alias: "GoTamer" }, "ada");
  const session = await loaded(sessions, id);
  session.flash("notice", "hello");
  await session.save();
  session.set("late", true);
  return session;
}

describe.each(ends)("a session that was %s", (_, end) => {
  test.each(lates)("is not brought back by %s", async (_name, task) => {
    const session = await late();
    const { id } = session;
    await end(session);
    const survivors = (await collect(sessions.list())).map(({ handle }) => handle);
    await expectCode(task(session), "SESSION_DESTROYED");
    expect(await sessions.load(id)).toBeUndefined();
    expect((await collect(sessions.list())).map(({ handle }) => handle)).toEqual(survivors);
  });

  test("is not brought back by a sign-in, which goes on as a new session", async () => {
    const session = await late();
    const { id, handle } = session;
    session.owner = "ada";
    await end(session);
    const survivors = (await collect(sessions.list())).map((each) => each.handle);
    await session.regenerate({ restart: true });
    expect(session.id).not.toBe(id);
    expect(await sessions.load(id)).toBeUndefined();
    expect(await stored(sessions, session.id)).toEqual({ late: true });
    expect((await loaded(sessions, session.id)).owner).toBe("ada");
    const now = (await collect(sessions.list())).map((each) => each.handle);
    expect(now.sort()).toEqual([...survivors, session.handle].sort());
    expect(now).not.toContain(handle);
  });

  test("is not brought back by a touch", async () => {
    const { id } = await saved(sessions, { alias: "GoTamer" }, "ada");
    const session = await loaded(sessions, id);
    await pass(3 * HOUR);
    await end(await loaded(sessions, id));
    await expectCode(session.save(), "SESSION_DESTROYED");
    expect(await sessions.load(id)).toBeUndefined();
  });

  test("is not brought back by the save that replaces a touch in a store without touch()", async () => {
    const { id } = await saved(sessions, { alias: "GoTamer" }, "ada");
    const session = await loaded(world({ store: bare(store) }).sessions, id);
    await pass(3 * HOUR);
    await end(await loaded(sessions, id));
    await session.save().catch(() => {});
    expect(await sessions.load(id)).toBeUndefined();
    session.set("late", true);
    await expectCode(session.save(), "SESSION_DESTROYED");
  });

  test("is not brought back by an update(), which finds nothing", async () => {
    const session = await late();
    await end(session);
    expect(await sessions.update(session.id, (each) => each.set("late", 1))).toBeUndefined();
    expect(await sessions.load(session.id)).toBeUndefined();
  });

  test("is not brought back by an update() that has begun", async () => {
    const session = await late();
    store.around = between("save", async () => {
      store.forget();
      await end(session);
    });
    expect(await sessions.update(session.id, (each) => each.set("late", 1))).toBeUndefined();
    expect(await sessions.load(session.id)).toBeUndefined();
  });

  test("can be ended again", async () => {
    const session = await late();
    await end(session);
    await session.destroy();
    await sessions.destroy(session.id);
    expect(await sessions.load(session.id)).toBeUndefined();
  });

  test("stays gone when a late object of it is saved and then destroyed", async () => {
    const session = await late();
    await end(session);
    await expectCode(session.save(), "SESSION_DESTROYED");
    await session.destroy();
    expect(await collect(sessions.list())).toEqual([]);
  });
});

describe("a session past its absoluteTimeout", () => {
  test("can be neither saved nor extended", async () => {
    const session = sessions.create({ idleTimeout: 4 * HOUR, absoluteTimeout: 4 * HOUR });
    session.set("alias", "GoTamer");
    await session.save();
    const other = await loaded(sessions, session.id);
    await pass(4 * HOUR);
    session.set("late", true);
    await expectCode(session.save(), "SESSION_DESTROYED");
    await expectCode(other.save(), "SESSION_DESTROYED");
    expect(await sessions.load(session.id)).toBeUndefined();
  });
});

test("a touch that finds the session ended rejects", async () => {
  const { id } = await saved(sessions);
  const session = await loaded(sessions, id);
  await pass(3 * HOUR);
  store.around = between("touch", async () => {
    store.forget();
    await elsewhere.destroy(id);
  });
  await expectCode(session.save(), "SESSION_DESTROYED");
  expect(store.records.size).toBe(0);
});
