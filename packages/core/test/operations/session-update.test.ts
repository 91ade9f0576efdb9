import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import type { Session } from "@sess/core";
import { expectCode } from "@sess/test-support";
import { between } from "../support/interference.ts";
import { loaded, saved, stored, type World, world } from "../support/sessions.ts";
import { HOUR, pass, startTime, stopTime } from "../support/time.ts";

let { store, faults, sessions, elsewhere }: World = world();
beforeEach(() => {
  stopTime();
  ({ store, faults, sessions, elsewhere } = world());
});
afterEach(startTime);

const oneMore = (session: Session) => session.set("views", session.get("views") + 1);

/** Another request changes the session just before the next save. */
function overtakenBy(change: (session: Session) => void, id: string): void {
  store.around = between("save", async () => {
    store.forget();
    await elsewhere.update(id, change);
  });
}

describe("session.update() is one save", () => {
  test("of what is unsaved and what its function changes", async () => {
    const session = await saved(sessions, { views: 0 });
    session.set("mine", true);
    session.flash("notice", "before");
    store.forget();
    await session.update((inner) => {
      expect([inner.get("mine"), inner.id]).toEqual([true, session.id]);
      oneMore(inner);
    });
    expect(store.calls).toEqual(["save"]);
    expect(await stored(elsewhere, session.id)).toEqual({ views: 1, mine: true });
    expect(session.hasUnsavedChanges).toBe(false);
    expect(await (await loaded(elsewhere, session.id)).takeFlash("notice")).toEqual(["before"]);
  });

  test("that takes its turn after the object's earlier calls", async () => {
    const session = await saved(sessions, { views: 0 });
    session.set("views", 10);
    const save = session.save();
    const update = session.update(oneMore);
    session.set("late", true);
    await Promise.all([save, update]);
    expect(await stored(elsewhere, session.id)).toEqual({ views: 11, late: true });
  });
});

describe("the function of session.update()", () => {
  test("runs again on the newest state when another save came first", async () => {
    const session = await saved(sessions, { views: 0 });
    session.set("mine", true);
    overtakenBy((other) => other.set("views", 10), session.id);
    const seen: unknown[] = [];
    await session.update((inner) => {
      seen.push([inner.get("views"), inner.get("mine"), inner.get("run")]);
      inner.set("run", seen.length);
      oneMore(inner);
    });
    expect(seen).toEqual([
      [0, true, undefined],
      [10, true, undefined],
    ]);
    expect(await stored(elsewhere, session.id)).toEqual({ views: 11, mine: true, run: 2 });
  });

  test("gets an object of its own: what it leaves behind changes nothing", async () => {
    const session = await saved(sessions, { views: 0 });
    let inner: Session | undefined;
    await session.update((each) => {
      inner = each;
      oneMore(each);
    });
    expect(inner).not.toBe(session);
    inner?.set("views", 99);
    await expectCode(() => inner?.save(), "NOT_SUPPORTED");
    await session.save();
    expect(await stored(elsewhere, session.id)).toEqual({ views: 1 });
  });

  test("takes stored and queued messages, and they are gone with that save", async () => {
    const session = await saved(sessions, { views: 0 });
    session.flash("notice", "stored");
    await session.save();
    session.flash("notice", "queued");
    store.forget();
    const taken: unknown[] = [];
    await session.update(async (inner) => {
      inner.flash("notice", "inside");
      taken.push(...(await inner.takeFlash("notice")));
    });
    expect(taken).toEqual(["stored", "queued", "inside"]);
    expect(store.calls).toEqual(["save"]);
    expect(await session.takeFlash("notice")).toEqual([]);
    await session.save();
    expect(await (await loaded(elsewhere, session.id)).takeFlash("notice")).toEqual([]);
  });

  test("that throws leaves the store and this object as they were", async () => {
    const session = await saved(sessions, { cart: ["tea"] });
    session.set("mine", true);
    session.flash("notice", "hello");
    const cart = session.get("cart");
    const before = new Map(store.records);
    const problem = new RangeError("not today");
    const failed = session.update(async (inner) => {
      inner.get("cart").push("milk");
      inner.set("theirs", true);
      await inner.takeFlash("notice");
      throw problem;
    });
    await expect(failed).rejects.toBe(problem);
    expect(store.records).toEqual(before);
    expect([cart, session.get("cart"), session.has("theirs")]).toEqual([["tea"], cart, false]);
    await session.save();
    expect(await stored(elsewhere, session.id)).toEqual({ cart: ["tea"], mine: true });
    expect(await session.takeFlash("notice")).toEqual(["hello"]);
  });
});

describe("session.update() of", () => {
  test("a new session stores it", async () => {
    const session = sessions.create();
    await session.update((inner) => inner.set("views", 1));
    expect(session.isNew).toBe(false);
    expect(await stored(elsewhere, session.id)).toEqual({ views: 1 });
  });

  test("a new session that would hold nothing stores nothing", async () => {
    const session = sessions.create();
    session.set("views", 1);
    await session.update((inner) => inner.clear());
    expect([session.isNew, store.records.size]).toEqual([true, 0]);
  });

  test("one that has ended rejects with SESSION_DESTROYED and does not bring it back", async () => {
    const session = await saved(sessions, { views: 0 });
    await elsewhere.destroy(session.id);
    await expectCode(session.update(oneMore), "SESSION_DESTROYED");
    await session.destroy();
    await expectCode(session.update(oneMore), "SESSION_DESTROYED");
    expect(store.records.size).toBe(0);
  });

  test("one that its function leaves as it is extends it as save() does", async () => {
    const session = await saved(sessions, { views: 0 });
    store.forget();
    await session.update(() => {});
    expect(store.calls).toEqual([]);
    await pass(3 * HOUR);
    await session.update(() => {});
    expect(store.calls).toEqual(["touch"]);
  });
});

describe("inside session.update(),", () => {
  const calls: [string, (session: Session) => Promise<unknown>][] = [
    ["save()", (session) => session.save()],
    ["update()", (session) => session.update(() => {})],
    ["reload()", (session) => session.reload()],
    ["regenerate()", (session) => session.regenerate()],
    ["destroy()", (session) => session.destroy()],
  ];

  test.each(calls)("%s of the object passed in is refused at once", async (_, call) => {
    const session = await saved(sessions, { views: 0 });
    const failed = session.update(async (inner) => {
      await Promise.resolve();
      await call(inner);
    });
    const error = await expectCode(failed, "NOT_SUPPORTED");
    expect(error.message).toContain("inside update()");
  });

  test.each([
    ...calls,
    ["takeFlash()", (session: Session) => session.takeFlash("notice")] as const,
  ])(
    "%s of any object of that session is refused at once, before the first await",
    async (_, call) => {
      const session = await saved(sessions, { views: 0 });
      const other = await loaded(sessions, session.id);
      for (const each of [session, other]) {
        await expectCode(
          session.update(() => call(each).then(() => {})),
          "NOT_SUPPORTED",
        );
      }
      expect(await stored(elsewhere, session.id)).toEqual({ views: 0 });
    },
  );

  test("sessions.update() of its id is refused at once, and of another id works", async () => {
    const [session, other] = [await saved(sessions, { views: 0 }), await saved(sessions)];
    const nested = session.update(() => sessions.update(session.id, oneMore).then(() => {}));
    await expectCode(nested, "NOT_SUPPORTED");
    await session.update(async (inner) => {
      oneMore(inner);
      await sessions.update(other.id, (each) => each.set("theirs", true));
    });
    expect(await stored(elsewhere, other.id)).toMatchObject({ theirs: true });
  });

  test("a later call on the outer object waits ten seconds, and is told why", async () => {
    const session = await saved(sessions, { views: 0 });
    const failed = session.update(async (inner) => {
      oneMore(inner);
      await Promise.resolve();
      await session.save();
    });
    const told = expectCode(failed, "SESSION_CONFLICT");
    await pass(10_000);
    expect((await told).message).toContain("Inside update(), change the session that it is passed");
    await session.save();
    expect(await stored(elsewhere, session.id)).toEqual({ views: 0 });
  });

  test("saving another object of the session each time ends in SESSION_CONFLICT, which tells why", async () => {
    const session = await saved(sessions, { views: 0 });
    let runs = 0;
    const failed = session.update(async (inner) => {
      oneMore(inner);
      await Promise.resolve();
      const other = await loaded(sessions, session.id);
      other.set("runs", ++runs);
      await other.save();
    });
    const told = expectCode(failed, "SESSION_CONFLICT");
    await pass(11_000);
    expect((await told).message).toContain("If that function saves the session itself");
  });
});

describe("after session.update(),", () => {
  test("this object shows the result", async () => {
    const session = await saved(sessions, { views: 0 });
    await session.update((inner) => {
      oneMore(inner);
      inner.owner = "ada";
    });
    expect([session.get("views"), session.owner]).toEqual([1, "ada"]);
  });

  test("an object handed out before is stale if its key was changed: changing it is refused once", async () => {
    const session = await saved(sessions, { cart: ["tea"], other: ["a"] });
    const [cart, other] = [session.get("cart"), session.get("other")];
    await session.update((inner) => inner.get("cart").push("milk"));
    other.push("b");
    cart.push("coffee");
    store.forget();
    const error = await expectCode(session.save(), "SESSION_CONFLICT");
    expect(error.message).toContain("under cart was changed");
    expect(store.calls).toEqual([]);
    await session.save();
    expect(await stored(elsewhere, session.id)).toEqual({
      cart: ["tea", "milk"],
      other: ["a", "b"],
    });
  });
});

describe("a session.update() of unknown outcome", () => {
  test.each(["reject-before", "reject-after", "reject-early"] as const)(
    "(%s) is settled by the next call, once",
    async (effect) => {
      const session = await saved(sessions, { views: 0 });
      faults.inject({ effect, method: "save" });
      await expectCode(session.update(oneMore), "STORE_UNAVAILABLE");
      expect(session.hasUnsavedChanges).toBe(true);
      session.set("later", true);
      await session.save();
      await faults.heal();
      expect(await stored(elsewhere, session.id)).toEqual({ views: 1, later: true });
      expect(session.get("views")).toBe(1);
    },
  );

  test("gives the messages back that its function has taken", async () => {
    const session = await saved(sessions);
    session.flash("notice", "hello");
    await session.save();
    faults.inject({ effect: "reject-after", method: "save" });
    const failed = session.update(async (inner) => void (await inner.takeFlash("notice")));
    await expectCode(failed, "STORE_UNAVAILABLE");
    expect(await session.takeFlash("notice")).toEqual(["hello"]);
    expect(await session.takeFlash("notice")).toEqual([]);
  });
});

describe("a function that hangs", () => {
  test("lets the next update of the session in after ten seconds", async () => {
    const session = await saved(sessions, { views: 0 });
    void session.update(() => new Promise(() => {}));
    const other = await loaded(sessions, session.id);
    await pass(3_000);
    const next = other.update(oneMore);
    await pass(6_999);
    expect(await stored(elsewhere, session.id)).toEqual({ views: 0 });
    await pass(1);
    await next;
    expect(await stored(elsewhere, session.id)).toEqual({ views: 1 });
  });

  test("keeps no call on its own object waiting for more than ten seconds, however many there are", async () => {
    const session = await saved(sessions, { views: 0 });
    void session.update(() => new Promise(() => {}));
    const calls = [session.save(), session.update(oneMore), session.takeFlash("notice")];
    const told = calls.map((call) => expectCode(call, "SESSION_CONFLICT"));
    await pass(10_000);
    await Promise.all(told);
    const late = expectCode(session.update(oneMore), "SESSION_CONFLICT");
    await pass(10_000);
    await late;
    expect(await stored(elsewhere, session.id)).toEqual({ views: 0 });
  });
});

test("a store that hangs inside an update lets nobody in", async () => {
  const { id } = await saved(sessions, { views: 0 });
  const fault = faults.inject({ effect: "hang-before", method: "save" });
  const slow = sessions.update(id, oneMore);
  await fault.firstHit;
  const ran = jest.fn<() => void>();
  const waiting = expectCode(sessions.update(id, ran), "SESSION_CONFLICT");
  await pass(10_000);
  await waiting;
  await pass(5_000);
  const next = sessions.update(id, oneMore);
  await pass(5_000);
  expect(ran).not.toHaveBeenCalled();
  await faults.heal();
  await Promise.all([slow, next]);
  expect(await stored(elsewhere, id)).toEqual({ views: 2 });
  expect(jest.getTimerCount()).toBe(0);
});
