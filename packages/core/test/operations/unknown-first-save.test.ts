import { beforeEach, describe, expect, test } from "@jest/globals";
import { expectCode } from "../support/expect-code.ts";
import { EngineError, FAULTS, type Fault, faulty, first } from "../support/faults.ts";
import { loaded, stored, type World, world } from "../support/sessions.ts";

let { store, sessions, elsewhere }: World = world();
beforeEach(() => {
  ({ store, sessions, elsewhere } = world());
});

/** Does `task` while the first call of `verb` meets `fault`, and again where that made it fail. */
async function twice<T>(fault: Fault, task: () => Promise<T>, meanwhile = () => {}): Promise<T> {
  store.around = faulty(fault, first("save"));
  try {
    if (fault === "applies twice") return await task();
    const error = await expectCode(task(), "STORE_UNAVAILABLE");
    expect(error.cause).toBeInstanceOf(EngineError);
    expect(error.message).toContain("unknown");
  } finally {
    store.forget();
  }
  meanwhile();
  return task();
}

async function messages(id: string, kind = "notice"): Promise<unknown[]> {
  return (await loaded(elsewhere, id)).takeFlash(kind);
}

describe.each(FAULTS)("where the store %s,", (fault) => {
  test("a new session is saved once", async () => {
    const session = sessions.create();
    session.set("alias", "GoTamer");
    session.flash("notice", "once");
    await twice(fault, () => session.save());
    expect(session.isNew).toBe(false);
    expect(store.records.get(session.handle)?.revision).toBe(1);
    expect(await stored(elsewhere, session.id)).toEqual({ alias: "GoTamer" });
    expect(await messages(session.id)).toEqual(["once"]);
  });

  test("a new session whose first save failed can be destroyed", async () => {
    const session = sessions.create();
    session.set("alias", "GoTamer");
    store.around = faulty(fault, first("save"));
    await session.save().catch(() => {});
    store.forget();
    await session.destroy();
    expect(store.records.size).toBe(0);
    await expectCode(session.save(), "SESSION_DESTROYED");
    expect(store.records.size).toBe(0);
  });

  test("a new session whose first save failed can be given another id", async () => {
    const session = sessions.create();
    session.set("alias", "GoTamer");
    const { id } = session;
    store.around = faulty(fault, first("save"));
    await session.save().catch(() => {});
    store.forget();
    await session.regenerate();
    await session.save();
    expect(await elsewhere.load(id)).toBeUndefined();
    expect(await stored(elsewhere, session.id)).toEqual({ alias: "GoTamer" });
  });

  test("reload() of a new session whose first save failed keeps it usable", async () => {
    const session = sessions.create();
    session.set("alias", "GoTamer");
    store.around = faulty(fault, first("save"));
    await session.save().catch(() => {});
    store.forget();
    await session.reload();
    expect(session.get("alias")).toBe("GoTamer");
    await session.save();
    expect(await stored(elsewhere, session.id)).toEqual({ alias: "GoTamer" });
  });
});
