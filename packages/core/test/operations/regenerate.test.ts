import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { Session } from "@sess/core";
import { collect, expectCode } from "@sess/test-support";
import { between } from "../support/interference.ts";
import { loaded, saved, stored, type World, world } from "../support/sessions.ts";
import { HOUR, pass, startTime, stopTime } from "../support/time.ts";

let { store, sessions, elsewhere }: World = world();
beforeEach(() => {
  stopTime();
  ({ store, sessions, elsewhere } = world());
});
afterEach(startTime);

describe("regenerate()", () => {
  test("draws a new id, and the old one stops working at once", async () => {
    const session = await saved(sessions);
    const { id, handle } = session;
    await session.regenerate();
    expect(session.id).not.toBe(id);
    expect(session.handle).not.toBe(handle);
    expect(await sessions.load(id)).toBeUndefined();
    expect(await elsewhere.update(id, () => {})).toBeUndefined();
    expect((await sessions.open(id)).isNew).toBe(true);
    expect((await collect(sessions.list())).map((each) => each.handle)).toEqual([session.handle]);
  });

  test("leaves a new session its id when it rejects", async () => {
    const session = sessions.create({ absoluteTimeout: HOUR });
    const { id } = session;
    await pass(HOUR);
    await expectCode(session.regenerate(), "SESSION_DESTROYED");
    expect(session.id).toBe(id);
  });

  test("keeps values, messages and owner, also unsaved ones", async () => {
    const session = await saved(sessions, { alias: "GoTamer", cart: ["tea"] }, "ada");
    session.flash("notice", "stored");
    await session.save();
    session.set("theme", "dark");
    session.get("cart").push("milk");
    session.flash("notice", "unsaved");
    await session.regenerate();
    const expected = { alias: "GoTamer", cart: ["tea", "milk"], theme: "dark" };
    expect(await stored(elsewhere, session.id)).toEqual(expected);
    const again = await loaded(elsewhere, session.id);
    expect(again.owner).toBe("ada");
    expect(await again.takeFlash("notice")).toEqual(["stored", "unsaved"]);
  });

  test("leaves nothing unsaved and the session usable", async () => {
    const session = await saved(sessions);
    session.set("theme", "dark");
    session.flash("notice", "once");
    await session.regenerate();
    store.forget();
    await session.save();
    expect(store.calls).toEqual([]);
    session.set("theme", "light");
    await session.save();
    const again = await loaded(elsewhere, session.id);
    expect([again.get("theme"), await again.takeFlash("notice")]).toEqual(["light", ["once"]]);
  });

  test("changes the id of the object when both saves are done, not before", async () => {
    const session = await saved(sessions);
    const { id } = session;
    const seen: string[] = [];
    store.around = async (_, apply) => {
      seen.push(session.id);
      return apply();
    };
    await session.regenerate();
    expect(new Set(seen)).toEqual(new Set([id]));
    expect(store.calls.slice(-2)).toEqual(["save", "save"]);
  });

  test("keeps createdAt, and so the absolute limit", async () => {
    const session = await saved(sessions);
    const { createdAt } = session;
    await pass(HOUR);
    await session.regenerate();
    expect(session.createdAt).toEqual(createdAt);
    expect((await loaded(sessions, session.id)).createdAt).toEqual(createdAt);
  });

  test("with restart makes createdAt now", async () => {
    const session = await saved(sessions);
    await pass(HOUR);
    await session.regenerate({ restart: true });
    expect(session.createdAt).toEqual(new Date());
    expect((await loaded(sessions, session.id)).createdAt).toEqual(new Date());
  });

  test("extends the session's idle time", async () => {
    const session = await saved(sessions);
    await pass(HOUR);
    await session.regenerate();
    expect(session.expiresAt).toEqual(new Date(Date.now() + 24 * HOUR));
    expect(store.records.get(session.handle)?.expiresAt).toBe(Date.now() + 24 * HOUR);
  });

  test("sets a lifetime that the session keeps through the next regenerate", async () => {
    const session = await saved(sessions);
    await session.regenerate({ idleTimeout: 48 * HOUR });
    await session.regenerate({ absoluteTimeout: 96 * HOUR });
    expect(session.expiresAt).toEqual(new Date(Date.now() + 48 * HOUR));
    await pass(47 * HOUR);
    const again = await loaded(sessions, session.id);
    again.set("seen", true);
    await again.save();
    expect(again.expiresAt).toEqual(new Date(Date.now() + 48 * HOUR));
    await pass(47 * HOUR);
    await (await loaded(sessions, session.id)).save();
    const end = session.createdAt.getTime() + 96 * HOUR;
    expect((await loaded(sessions, session.id)).expiresAt).toEqual(new Date(end));
  });

  test.each([{ idleTimeout: 0 }, { absoluteTimeout: 1.5 }, { ttl: 1 }])(
    "refuses %p and changes nothing",
    async (options) => {
      const session = await saved(sessions);
      const { id } = session;
      await expectCode(() => session.regenerate(options), "INVALID_OPTION");
      expect(session.id).toBe(id);
      expect(store.records.size).toBe(1);
    },
  );
});

describe("regenerate() of a new session", () => {
  test("changes the id alone and does not ask the store", async () => {
    const session = sessions.create();
    session.set("alias", "GoTamer");
    session.flash("notice", "hello");
    session.owner = "ada";
    const { id, createdAt } = session;
    await pass(HOUR);
    await session.regenerate();
    expect(store.calls).toEqual([]);
    expect(session.id).not.toBe(id);
    expect(session).toMatchObject({ isNew: true, owner: "ada", createdAt });
    await session.save();
    expect(await stored(sessions, session.id)).toEqual({ alias: "GoTamer" });
    expect(await session.takeFlash("notice")).toEqual(["hello"]);
    expect(await sessions.load(id)).toBeUndefined();
  });

  test("accepts restart and a lifetime", async () => {
    const session = sessions.create();
    await pass(HOUR);
    await session.regenerate({ restart: true, idleTimeout: HOUR });
    expect(session.createdAt).toEqual(new Date());
    expect(session.expiresAt).toEqual(new Date(Date.now() + HOUR));
  });
});

describe("a regenerate while another request", () => {
  async function meeting(task: (other: Session) => Promise<unknown>, n = 2) {
    const session = await saved(sessions);
    session.set("mine", true);
    const other = await loaded(elsewhere, session.id);
    store.forget();
    store.around = between(
      "save",
      () => {
        store.around = (_, apply) => apply();
        return task(other);
      },
      n,
    );
    return session;
  }

  test.each([1, 2])("saves just before its save number %i carries that over", async (step) => {
    const session = await meeting(async (other) => {
      other.set("theirs", true);
      other.flash("notice", "theirs");
      await other.save();
    }, step);
    const { id } = session;
    await session.regenerate();
    const expected = { alias: "GoTamer", mine: true, theirs: true };
    expect(await stored(elsewhere, session.id)).toEqual(expected);
    expect(await (await loaded(elsewhere, session.id)).takeFlash("notice")).toEqual(["theirs"]);
    expect(await sessions.load(id)).toBeUndefined();
    expect(await collect(sessions.list())).toHaveLength(1);
  });

  test.each<[string, (other: Session) => Promise<unknown>]>([
    ["destroys the session", (other) => other.destroy()],
    ["revokes the session", (other) => elsewhere.revoke(other.handle)],
    ["waits until it has expired", () => pass(24 * HOUR)],
  ])("%s rejects and leaves nothing", async (_, task) => {
    const session = await meeting(task);
    const { id } = session;
    await expectCode(session.regenerate(), "SESSION_DESTROYED");
    expect(session.id).toBe(id);
    expect(await collect(sessions.list())).toEqual([]);
  });

  test("regenerates first rejects: the session gets one new id, not two", async () => {
    const session = await meeting((other) => other.regenerate());
    const { id } = session;
    await expectCode(session.regenerate(), "SESSION_DESTROYED");
    expect(session.id).toBe(id);
    expect(await collect(sessions.list())).toHaveLength(1);
  });
});
