import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { Session } from "@sess/core";
import { HOUR, pass, startClock, stopClock } from "../support/clock.ts";
import { expectCode } from "../support/expect-code.ts";
import { between } from "../support/faults.ts";
import { all, loaded, saved, stored, type World, world } from "../support/sessions.ts";

let { store, sessions, elsewhere }: World = world();
beforeEach(() => {
  stopClock();
  ({ store, sessions, elsewhere } = world());
});
afterEach(startClock);

describe("regenerate()", () => {
  test("gives a new id, and the old one stops working at once", async () => {
    const session = await saved(sessions);
    const { id, handle } = session;
    await session.regenerate();
    expect(session.id).not.toBe(id);
    expect(session.handle).not.toBe(handle);
    expect(await sessions.load(id)).toBeUndefined();
    expect(await elsewhere.update(id, () => {})).toBeUndefined();
    expect((await sessions.open(id)).isNew).toBe(true);
    expect((await all(sessions.list())).map((each) => each.handle)).toEqual([session.handle]);
  });

  test("that is refused leaves a new session its id", async () => {
    const session = sessions.create({ absoluteTimeout: HOUR });
    const { id } = session;
    await pass(HOUR);
    await expectCode(session.regenerate(), "SESSION_DESTROYED");
    expect(session.id).toBe(id);
  });

  test("keeps values, messages and owner, unsaved ones included", async () => {
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

  test("leaves nothing unsaved, and the session usable", async () => {
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

  test("takes effect when it resolves, not before", async () => {
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

  test("keeps createdAt, so that the absolute limit stays", async () => {
    const session = await saved(sessions);
    const { createdAt } = session;
    await pass(HOUR);
    await session.regenerate();
    expect(session.createdAt).toEqual(createdAt);
    expect((await loaded(sessions, session.id)).createdAt).toEqual(createdAt);
  });

  test("with restart counts the session as created now", async () => {
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

  test("gives a lifetime that the session keeps, also through the next one", async () => {
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

describe("on a new session regenerate()", () => {
  test("changes only the id, and asks the store nothing", async () => {
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

  test("takes restart and a lifetime", async () => {
    const session = sessions.create();
    await pass(HOUR);
    await session.regenerate({ restart: true, idleTimeout: HOUR });
    expect(session.createdAt).toEqual(new Date());
    expect(session.expiresAt).toEqual(new Date(Date.now() + HOUR));
  });
});

describe("a regenerate that meets another", () => {
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

  test.each([1, 2])("carries over what was saved before its step %i", async (step) => {
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
    expect(await all(sessions.list())).toHaveLength(1);
  });

  test.each<[string, (other: Session) => Promise<unknown>]>([
    ["destroyed", (other) => other.destroy()],
    ["revoked", (other) => elsewhere.revoke(other.handle)],
    ["expired", () => pass(24 * HOUR)],
  ])("rejects where the session is %s meanwhile, and leaves nothing", async (_, task) => {
    const session = await meeting(task);
    const { id } = session;
    await expectCode(session.regenerate(), "SESSION_DESTROYED");
    expect(session.id).toBe(id);
    expect(await all(sessions.list())).toEqual([]);
  });

  test("rejects where the other regenerated first: one new id is given, not two", async () => {
    const session = await meeting((other) => other.regenerate());
    const { id } = session;
    await expectCode(session.regenerate(), "SESSION_DESTROYED");
    expect(session.id).toBe(id);
    expect(await all(sessions.list())).toHaveLength(1);
  });
});
