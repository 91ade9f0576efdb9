import { beforeEach, describe, expect, test } from "@jest/globals";
import type { Session } from "@sess/core";
import type { FaultEffect } from "@sess/core/conformance";
import { collect, expectCode } from "@sess/test-support";
import { loaded, saved, stored, type World, world } from "../support/sessions.ts";

let { store, faults, sessions, elsewhere }: World = world();
beforeEach(() => {
  ({ store, faults, sessions, elsewhere } = world());
});

/** A session whose regenerate() met the effect when it saved the forwarding record. */
async function inDoubt(effect: FaultEffect): Promise<{ session: Session; old: string }> {
  const session = await saved(sessions, { alias: "GoTamer" });
  const old = session.id;
  session.set("mine", true);
  session.flash("notice", "once");
  faults.inject({ effect, method: "save", call: 2 });
  await expectCode(session.regenerate(), "STORE_UNAVAILABLE");
  return { session, old };
}

const NEXT: readonly [string, (session: Session) => Promise<unknown>][] = [
  ["save()", (session) => session.save()],
  ["update()", (session) => session.update((inner) => inner.set("theirs", true))],
  ["takeFlash()", async (session) => session.takeFlash("another kind")],
];

describe("after a regenerate() of unknown outcome,", () => {
  test.each(NEXT)("%s goes along if the session has moved", async (_, next) => {
    const { session, old } = await inDoubt("reject-after");
    session.set("later", true);
    await next(session);
    await session.save();
    expect(session.id).not.toBe(old);
    const expected = { alias: "GoTamer", mine: true, later: true };
    expect(await stored(elsewhere, session.id)).toMatchObject(expected);
    expect(await (await loaded(elsewhere, session.id)).takeFlash("notice")).toEqual(["once"]);
  });

  test("reload() goes along, too", async () => {
    const { session, old } = await inDoubt("reject-after");
    await session.reload();
    expect(session.id).not.toBe(old);
    expect(await elsewhere.load(session.id)).toBeDefined();
  });

  test.each(["reject-before", "reject-early"] as const)(
    "(%s) the next save keeps the session under its old id for good, and nothing stays under the new one",
    async (effect) => {
      const { session, old } = await inDoubt(effect);
      expect(session.needsSave).toBe(true);
      await session.save();
      await faults.heal();
      expect(session.id).toBe(old);
      expect(await stored(elsewhere, old)).toEqual({ alias: "GoTamer", mine: true });
      expect((await collect(elsewhere.list())).map(({ handle }) => handle)).toEqual([
        session.handle,
      ]);
      expect(await (await loaded(elsewhere, old)).takeFlash("notice")).toEqual(["once"]);
    },
  );

  test.each(["reject-before", "reject-after", "reject-early"] as const)(
    "(%s) queued messages are shown once",
    async (effect) => {
      const { session } = await inDoubt(effect);
      const shown = await session.takeFlash("notice");
      await faults.heal();
      await session.save();
      const left = await (await loaded(elsewhere, session.id)).takeFlash("notice");
      expect([...shown, ...left]).toEqual(["once"]);
    },
  );

  test.each(["reject-before", "reject-after", "reject-early"] as const)(
    "(%s) another regenerate() leaves one session",
    async (effect) => {
      const { session, old } = await inDoubt(effect);
      await session.regenerate();
      await faults.heal();
      expect(session.id).not.toBe(old);
      expect(await stored(elsewhere, session.id)).toEqual({ alias: "GoTamer", mine: true });
      expect((await collect(elsewhere.list())).map(({ handle }) => handle)).toEqual([
        session.handle,
      ]);
    },
  );

  test.each(["reject-before", "reject-after", "reject-early"] as const)(
    "(%s) destroy() ends it wherever it is",
    async (effect) => {
      const { session } = await inDoubt(effect);
      await session.destroy();
      await faults.heal();
      expect(await collect(elsewhere.list())).toEqual([]);
    },
  );

  test("a session that others have ended is not brought back", async () => {
    const { session, old } = await inDoubt("reject-after");
    await elsewhere.destroy(old);
    session.set("late", true);
    await expectCode(session.save(), "SESSION_DESTROYED");
    expect(await collect(elsewhere.list())).toEqual([]);
  });
});

describe("regenerate({ restart: true }), a sign-in,", () => {
  const ends: readonly [string, (session: Session) => Promise<unknown>][] = [
    ["has got a new id elsewhere", async ({ id }) => (await loaded(elsewhere, id)).regenerate()],
    ["has been ended", ({ id }) => elsewhere.destroy(id)],
    ["has expired", async ({ handle }) => store.records.delete(handle)],
  ];

  test.each(ends)(
    "of a session that %s goes on with what this object has changed alone",
    async (_, end) => {
      const session = await saved(sessions, { visited: true, cart: ["tea"] }, "visitor");
      const old = session.id;
      session.get("cart");
      await end(session);
      session.set("user", "ada");
      session.owner = "ada";
      session.flash("notice", "welcome");
      await session.regenerate({ restart: true });
      expect(session.id).not.toBe(old);
      expect(await stored(elsewhere, session.id)).toEqual({ user: "ada" });
      const reader = await loaded(elsewhere, session.id);
      expect([reader.owner, await reader.takeFlash("notice")]).toEqual(["ada", ["welcome"]]);
      expect(await elsewhere.load(old)).toBeUndefined();
    },
  );

  test("takes over no lifetime of the session that has ended, only one that it is given", async () => {
    const session = sessions.create({ idleTimeout: 2 ** 40 });
    session.set("a", 1);
    await session.save();
    await elsewhere.destroy(session.id);
    session.set("user", "ada");
    await session.regenerate({ restart: true, absoluteTimeout: 3_600_000 });
    expect(session.lifetime).toEqual({ idleTimeout: 86_400_000, absoluteTimeout: 3_600_000 });
  });

  test("twice at once, a double click, ends in two sessions that are signed in", async () => {
    const visitor = await saved(sessions, { visited: true });
    const clicks = [await loaded(sessions, visitor.id), await loaded(elsewhere, visitor.id)];
    for (const click of clicks) click.set("user", "ada");
    await Promise.all(clicks.map((click) => click.regenerate({ restart: true })));
    for (const { id } of clicks) expect(await stored(elsewhere, id)).toMatchObject({ user: "ada" });
  });

  test("without restart it rejects, and leaves nothing under a new id", async () => {
    const session = await saved(sessions);
    await elsewhere.destroy(session.id);
    session.set("user", "ada");
    await expectCode(session.regenerate(), "SESSION_DESTROYED");
    expect(await collect(elsewhere.list())).toEqual([]);
  });
});
