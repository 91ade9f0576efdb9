import { beforeEach, describe, expect, test } from "@jest/globals";
import type { Session } from "@sess/core";
import { expectCode } from "@sess/test-support";
import { between, shuffled } from "../support/interference.ts";
import { loaded, saved, stored, type World, world } from "../support/sessions.ts";

let { store, sessions, elsewhere }: World = world();
beforeEach(() => {
  ({ store, sessions, elsewhere } = world());
});

const oneMore = (session: Session) => session.set("views", session.get("views") + 1);

describe("64 parallel updates that add one add 64", () => {
  test("over one manager, without a single refusal", async () => {
    const { id } = await saved(sessions, { views: 0 });
    store.forget();
    store.around = shuffled(1);
    await Promise.all(Array.from({ length: 64 }, () => sessions.update(id, oneMore)));
    expect(store.calls.filter((method) => method === "save")).toHaveLength(64);
    expect(await stored(sessions, id)).toEqual({ views: 64 });
  });

  test.each([2, 3, 4])("over two managers on one store, seed %i", async (seed) => {
    const { id } = await saved(sessions, { views: 0 });
    store.around = shuffled(seed);
    await Promise.all(
      Array.from({ length: 64 }, (_, index) =>
        (index % 2 === 0 ? sessions : elsewhere).update(id, oneMore),
      ),
    );
    expect(await stored(sessions, id)).toEqual({ views: 64 });
  });

  test("while others save other keys of the session", async () => {
    const { id } = await saved(sessions, { views: 0 });
    store.around = shuffled(5);
    await Promise.all(
      Array.from({ length: 64 }, async (_, index) => {
        await sessions.update(id, oneMore);
        const session = await loaded(elsewhere, id);
        session.set(`key ${index % 8}`, index);
        await session.save();
      }),
    );
    expect(await stored(sessions, id)).toMatchObject({ views: 64 });
  });
});

describe("the change", () => {
  test("runs again, on the newest state alone, when another has saved meanwhile", async () => {
    const { id } = await saved(sessions, { views: 0, cart: ["tea"] });
    store.around = between("save", async () => {
      store.forget();
      await elsewhere.update(id, (session) => {
        session.set("views", 10);
        session.get("cart").push("milk");
      });
    });
    const seen: unknown[] = [];
    await sessions.update(id, (session) => {
      seen.push(session.get("views"));
      session.set(`run ${seen.length}`, true);
      session.get("cart").push("sugar");
      oneMore(session);
    });
    expect(seen).toEqual([0, 10]);
    const expected = { views: 11, cart: ["tea", "milk", "sugar"], "run 2": true };
    expect(await stored(sessions, id)).toEqual(expected);
  });

  test("may be asynchronous", async () => {
    const { id } = await saved(sessions, { views: 0 });
    await sessions.update(id, async (session) => {
      await new Promise((go) => setImmediate(go));
      oneMore(session);
    });
    expect(await stored(sessions, id)).toEqual({ views: 1 });
  });

  test("that throws writes nothing, and update() rejects with that very error", async () => {
    const { id } = await saved(sessions, { views: 0 });
    const before = new Map(store.records);
    store.forget();
    const problem = new RangeError("not today");
    const failed = sessions.update(id, (session) => {
      oneMore(session);
      throw problem;
    });
    await expect(failed).rejects.toBe(problem);
    expect(store.calls).toEqual(["load"]);
    expect(store.records).toEqual(before);
  });

  test("that throws does not hold up the next one", async () => {
    const { id } = await saved(sessions, { views: 0 });
    const failed = sessions.update(id, () => Promise.reject(new RangeError("not today")));
    const next = sessions.update(id, oneMore);
    await expect(failed).rejects.toBeInstanceOf(RangeError);
    await next;
    expect(await stored(sessions, id)).toEqual({ views: 1 });
  });

  test("changes values, owner and messages in one save", async () => {
    const { id } = await saved(sessions, { views: 0 });
    store.forget();
    await sessions.update(id, (session) => {
      oneMore(session);
      session.owner = "ada";
      session.flash("notice", "hello");
    });
    expect(store.calls).toEqual(["load", "save"]);
    const again = await loaded(sessions, id);
    expect([again.get("views"), again.owner]).toEqual([1, "ada"]);
    expect(await again.takeFlash("notice")).toEqual(["hello"]);
  });

  const refused: [string, (session: Session) => Promise<unknown>][] = [
    ["save()", (session) => session.save()],
    ["reload()", (session) => session.reload()],
    ["regenerate()", (session) => session.regenerate()],
    ["destroy()", (session) => session.destroy()],
  ];

  test.each(refused)("must not call %s", async (_, call) => {
    const { id } = await saved(sessions, { views: 0 });
    const before = new Map(store.records);
    const failed = sessions.update(id, async (session) => {
      oneMore(session);
      await call(session);
    });
    await expectCode(failed, "NOT_SUPPORTED");
    expect(store.records).toEqual(before);
  });
});

describe("takeFlash() inside an update", () => {
  const take = (into: unknown[]) => async (session: Session) => {
    into.push(await session.takeFlash("notice"));
  };

  test("removes the messages with the update's one save", async () => {
    const session = await saved(sessions);
    session.flash("notice", "hello");
    await session.save();
    store.forget();
    const taken: unknown[] = [];
    await sessions.update(session.id, take(taken));
    expect(taken).toEqual([["hello"]]);
    expect(store.calls).toEqual(["load", "save"]);
    expect(await (await loaded(sessions, session.id)).takeFlash("notice")).toEqual([]);
  });

  test("leaves the messages when the change throws", async () => {
    const session = await saved(sessions);
    session.flash("notice", "hello");
    await session.save();
    const failed = sessions.update(session.id, async (fresh) => {
      await fresh.takeFlash("notice");
      throw new RangeError("not today");
    });
    await expect(failed).rejects.toBeInstanceOf(RangeError);
    expect(await (await loaded(sessions, session.id)).takeFlash("notice")).toEqual(["hello"]);
  });

  test("returns each message once, also those queued inside", async () => {
    const session = await saved(sessions);
    session.flash("notice", "stored");
    await session.save();
    const taken: unknown[] = [];
    await sessions.update(session.id, async (fresh) => {
      fresh.flash("notice", "queued");
      await take(taken)(fresh);
      await take(taken)(fresh);
    });
    expect(taken).toEqual([["stored", "queued"], []]);
    expect(await (await loaded(sessions, session.id)).takeFlash("notice")).toEqual([]);
  });

  test("finds nothing on the second run if another has read them meanwhile", async () => {
    const session = await saved(sessions);
    session.flash("notice", "hello");
    await session.save();
    const theirs: unknown[] = [];
    store.around = between("save", async () => {
      store.forget();
      await take(theirs)(await loaded(elsewhere, session.id));
    });
    const ours: unknown[] = [];
    await sessions.update(session.id, take(ours));
    expect({ theirs, last: ours.at(-1) }).toEqual({ theirs: [["hello"]], last: [] });
  });
});
