import { beforeEach, describe, expect, test } from "@jest/globals";
import type { Session } from "@sess/core";
import { collect, expectCode } from "@sess/test-support";
import { FAULTS, retried } from "../support/faults.ts";
import { loaded, stored, type World, world } from "../support/sessions.ts";

let here: World = world();
let { store, faults, sessions, elsewhere } = here;
beforeEach(() => {
  here = world();
  ({ store, faults, sessions, elsewhere } = here);
});

describe.each(FAULTS)("when the first save of a new session %s,", (_, effect) => {
  /** A new session whose first save met the fault. */
  async function inDoubt(): Promise<Session> {
    const session = sessions.create();
    session.set("alias", "GoTamer");
    faults.inject({ effect, method: "save" });
    await session.save().catch(() => {});
    await faults.heal();
    return session;
  }

  test("saving it again stores it once", async () => {
    const session = sessions.create();
    session.set("alias", "GoTamer");
    session.flash("notice", "once");
    await retried(here, effect, () => session.save());
    expect(session.isNew).toBe(false);
    expect(store.records.get(session.handle)?.revision).toBe(1);
    expect(await stored(elsewhere, session.id)).toEqual({ alias: "GoTamer" });
    expect(await (await loaded(elsewhere, session.id)).takeFlash("notice")).toEqual(["once"]);
  });

  test("it can be destroyed, and nothing of it is left to find", async () => {
    const session = await inDoubt();
    const { id } = session;
    await session.destroy();
    expect([...store.records.values()].map(({ data }) => data)).not.toContainEqual(
      expect.stringContaining("GoTamer"),
    );
    expect(await elsewhere.load(id)).toBeUndefined();
    expect(await collect(elsewhere.list())).toEqual([]);
    await expectCode(session.save(), "SESSION_DESTROYED");
    expect(await elsewhere.load(id)).toBeUndefined();
  });

  test("it can get another id", async () => {
    const session = await inDoubt();
    const { id } = session;
    await session.regenerate();
    await session.save();
    expect(await elsewhere.load(id)).toBeUndefined();
    expect(await stored(elsewhere, session.id)).toEqual({ alias: "GoTamer" });
  });

  test("reload() leaves it usable", async () => {
    const session = await inDoubt();
    await session.reload();
    expect(session.get("alias")).toBe("GoTamer");
    await session.save();
    expect(await stored(elsewhere, session.id)).toEqual({ alias: "GoTamer" });
  });
});
