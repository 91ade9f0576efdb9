import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { bare, expectCode } from "@sess/test-support";
import { between } from "../support/interference.ts";
import { saved, stored, type World, world } from "../support/sessions.ts";
import { HOUR, pass, startTime, stopTime } from "../support/time.ts";

let { store, sessions, elsewhere }: World = world();
beforeEach(() => {
  stopTime();
  ({ store, sessions, elsewhere } = world());
});
afterEach(startTime);

describe("update() resolves to", () => {
  test("the session as it was saved, ready for further changes", async () => {
    const { id } = await saved(sessions, { views: 0 });
    const session = await sessions.update(id, (fresh) => fresh.set("views", 1));
    expect(session?.id).toBe(id);
    session?.set("views", session.get("views") + 1);
    await session?.save();
    expect(await stored(sessions, id)).toEqual({ views: 2 });
  });

  test("undefined if there is no session, and does not run the change", async () => {
    const { id } = await saved(sessions);
    await sessions.destroy(id);
    const change = jest.fn<() => void>();
    expect(await sessions.update(id, change)).toBeUndefined();
    expect(change).not.toHaveBeenCalled();
    expect(store.records.size).toBe(0);
  });

  test.each(["", "x", null, undefined])(
    "undefined for %p, and does not ask the store",
    async (id) => {
      store.forget();
      expect(await sessions.update(id, () => {})).toBeUndefined();
      expect(store.calls).toEqual([]);
    },
  );

  test("undefined if the session ends while the change runs", async () => {
    const { id } = await saved(sessions);
    const updated = await sessions.update(id, async (session) => {
      session.set("late", true);
      await elsewhere.destroy(id);
    });
    expect(updated).toBeUndefined();
    expect(store.records.size).toBe(0);
  });

  test("undefined if the session expires while the change runs", async () => {
    const { id } = await saved(sessions);
    const updated = await sessions.update(id, (session) => {
      session.set("late", true);
      jest.setSystemTime(Date.now() + 24 * HOUR);
    });
    expect(updated).toBeUndefined();
    expect(await sessions.load(id)).toBeUndefined();
  });
});

describe("an update that changes nothing", () => {
  test("writes nothing", async () => {
    const { id } = await saved(sessions);
    store.forget();
    await sessions.update(id, (session) => {
      session.get("alias");
    });
    expect(store.calls).toEqual(["load"]);
  });

  test("extends the session when that is due", async () => {
    const session = await saved(sessions);
    await pass(3 * HOUR);
    store.forget();
    const updated = await sessions.update(session.id, () => {});
    expect(store.calls.at(-1)).toBe("touch");
    expect(store.calls).not.toContain("save");
    expect(updated?.expiresAt).toEqual(new Date(Date.now() + 24 * HOUR));
  });

  test("extends it by a save in a store without touch()", async () => {
    const plain = world({ store: bare(store) });
    const session = await saved(sessions);
    await pass(3 * HOUR);
    store.forget();
    await plain.sessions.update(session.id, () => {});
    expect(store.calls).toEqual(["load", "save"]);
    expect(store.records.get(session.handle)?.expiresAt).toBe(Date.now() + 24 * HOUR);
  });
});

describe("updates of one session run one after another:", () => {
  test("an update inside one of the same id rejects at once and never runs", async () => {
    const { id } = await saved(sessions, { views: 0 });
    const inner = jest.fn<() => void>();
    const outer = sessions.update(id, async (session) => {
      session.set("views", 1);
      await sessions.update(id, inner);
    });
    const error = await expectCode(outer, "NOT_SUPPORTED");
    expect(error.message).toContain("update()");
    expect(await stored(sessions, id)).toEqual({ views: 0 });
    expect(inner).not.toHaveBeenCalled();
  });

  test("an update inside one of another id works", async () => {
    const one = await saved(sessions, { views: 0 });
    const other = await saved(sessions, { views: 0 });
    await sessions.update(one.id, async (session) => {
      session.set("views", 1);
      await sessions.update(other.id, (inner) => inner.set("views", 2));
    });
    expect(await stored(sessions, one.id)).toEqual({ views: 1 });
    expect(await stored(sessions, other.id)).toEqual({ views: 2 });
  });

  test("one that hangs lets the next one in after ten seconds, and overwrites nothing when it ends", async () => {
    const { id } = await saved(sessions, { views: 0 });
    const slow = sessions.update(id, async (session) => {
      const views = session.get("views");
      session.set("slow", true);
      await new Promise((resolve) => setTimeout(resolve, 15_000));
      session.set("views", views + 1);
    });
    const next = sessions.update(id, (session) => {
      session.set("views", session.get("views") + 1);
      session.set("next", true);
    });
    await pass(9_999);
    expect(await stored(sessions, id)).toEqual({ views: 0 });
    await pass(1);
    await next;
    expect(await stored(sessions, id)).toEqual({ views: 1, next: true });
    await pass(20_000);
    await slow;
    expect(await stored(sessions, id)).toEqual({ views: 2, slow: true, next: true });
    expect(jest.getTimerCount()).toBe(0);
  });

  test("one that hangs for good does not block its id", async () => {
    const { id } = await saved(sessions, { views: 0 });
    void sessions.update(id, () => new Promise(() => {}));
    for (let round = 1; round <= 3; round += 1) {
      const next = sessions.update(id, (session) => {
        session.set("views", session.get("views") + 1);
      });
      await pass(10_000);
      await next;
      expect(await stored(sessions, id)).toEqual({ views: round });
    }
  });
});

test("an update that others always overtake rejects after ten seconds", async () => {
  const { id } = await saved(sessions, { views: 0 });
  const overtake = () => {
    store.around = between("save", async () => {
      store.forget();
      await elsewhere.update(id, (session) => session.set("theirs", Date.now()));
      overtake();
    });
  };
  overtake();
  let runs = 0;
  const ended = expectCode(
    sessions.update(id, (session) => session.set("views", ++runs)),
    "SESSION_CONFLICT",
  );
  await pass(11_000);
  await ended;
  expect(runs).toBeGreaterThan(100);
  expect(await stored(sessions, id)).toMatchObject({ views: 0 });
});
