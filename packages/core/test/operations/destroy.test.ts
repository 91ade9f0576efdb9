import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { type Session, SessionError } from "@sess/core";
import { HOUR, pass, startClock, stopClock } from "../support/clock.ts";
import { expectCode } from "../support/expect-code.ts";
import { between } from "../support/faults.ts";
import { all, loaded, saved, type World, world } from "../support/sessions.ts";

let { store, sessions, elsewhere }: World = world();
beforeEach(() => {
  stopClock();
  ({ store, sessions, elsewhere } = world());
});
afterEach(startClock);

/** What a request holds that loaded the session before it ended, and is not done yet. */
async function late(): Promise<Session> {
  const { id } = await saved(sessions, { alias: "GoTamer" }, "ada");
  const session = await loaded(sessions, id);
  session.flash("notice", "hello");
  await session.save();
  session.set("late", true);
  return session;
}

describe("after destroy() the object", () => {
  const changes: [string, (session: Session) => unknown][] = [
    ["set()", (session) => session.set("a", 1)],
    ["delete()", (session) => session.delete("alias")],
    ["clear()", (session) => session.clear()],
    ["pop()", (session) => session.pop("alias")],
    ["flash()", (session) => session.flash("notice", "hello")],
    ["owner =", (session) => Object.assign(session, { owner: "ada" })],
    ["save()", (session) => session.save()],
    ["reload()", (session) => session.reload()],
    ["regenerate()", (session) => session.regenerate()],
    ["takeFlash()", (session) => session.takeFlash("notice")],
  ];

  test.each(changes)("takes no %s", async (_, change) => {
    const session = await late();
    await session.destroy();
    store.forget();
    await expectCode(() => change(session), "SESSION_DESTROYED");
    expect(store.calls).toEqual([]);
    expect(store.records.size).toBe(0);
  });

  test("is empty: the next visitor of the request sees nothing", async () => {
    const session = await late();
    await session.destroy();
    expect(session.keys()).toEqual([]);
    expect([session.get("alias"), session.has("late"), session.owner]).toEqual([
      undefined,
      false,
      undefined,
    ]);
  });

  test("can be destroyed again, which asks the store nothing", async () => {
    const session = await late();
    await session.destroy();
    store.forget();
    await session.destroy();
    expect(store.calls).toEqual([]);
  });
});

describe("destroy()", () => {
  test("of a session that was never saved asks the store nothing", async () => {
    const session = sessions.create();
    session.set("alias", "GoTamer");
    await session.destroy();
    expect(store.calls).toEqual([]);
    await expectCode(session.save(), "SESSION_DESTROYED");
  });

  test("leaves no record behind, not even an empty one", async () => {
    const session = await late();
    await session.destroy();
    expect(store.records.size).toBe(0);
  });

  test("ends a session whose record the store cannot read", async () => {
    const { id } = await late();
    store.around = async ({ verb }, apply) => {
      if (verb === "load") throw new SessionError("RECORD_CORRUPT", "its checksum is wrong");
      return apply();
    };
    await elsewhere.destroy(id);
    expect(store.records.size).toBe(0);
  });

  test("removes what has expired, too: a clock that is set back does not revive it", async () => {
    const { id } = await late();
    const now = Date.now();
    jest.setSystemTime(now + 48 * HOUR);
    await elsewhere.destroy(id);
    jest.setSystemTime(now);
    expect(await sessions.load(id)).toBeUndefined();
  });

  test("is not escaped by a save that comes between", async () => {
    const session = await late();
    store.around = between("delete", async () => {
      store.forget();
      const other = await loaded(elsewhere, session.id);
      other.set("theirs", true);
      await other.save();
    });
    await session.destroy();
    expect(store.records.size).toBe(0);
  });

  test("is not escaped by a regenerate that comes between", async () => {
    const session = await late();
    const other = await loaded(elsewhere, session.id);
    store.around = between("delete", async () => {
      store.forget();
      await other.regenerate();
    });
    const ended = session.destroy();
    await pass(100);
    await ended;
    expect(await sessions.load(other.id)).toBeUndefined();
    expect(await all(sessions.list())).toEqual([]);
  });

  test.each<[string, (old: Session) => Promise<unknown>]>([
    ["an object with the oldest id", (old) => old.destroy()],
    ["the oldest id", (old) => elsewhere.destroy(old.id)],
    ["the oldest handle", (old) => elsewhere.revoke(old.handle)],
  ])("by %s ends a session that changed its id three times", async (_, end) => {
    const session = await late();
    const old = await loaded(elsewhere, session.id);
    for (let hop = 0; hop < 3; hop += 1) await session.regenerate();
    const ended = end(old);
    await pass(1_000);
    await ended;
    expect(await sessions.load(session.id)).toBeUndefined();
    expect(await all(sessions.list())).toEqual([]);
  });

  test.each(["", "x", "../../etc/passwd", null, undefined])("of %p does nothing", async (id) => {
    await sessions.destroy(id);
    expect(store.calls).toEqual([]);
  });
});
