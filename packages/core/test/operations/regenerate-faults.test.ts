import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import type { Session } from "@sess/core";
import { startClock, stopDate } from "../support/clock.ts";
import { expectCode } from "../support/expect-code.ts";
import { EngineError, FAULTS, type Fault, faulty } from "../support/faults.ts";
import { all, loaded, saved, stored, type World, world } from "../support/sessions.ts";

let { store, sessions, elsewhere }: World = world();
beforeEach(() => {
  stopDate();
  ({ store, sessions, elsewhere } = world());
});
afterEach(startClock);

async function scene(): Promise<{ session: Session; old: string }> {
  const session = await saved(sessions, { alias: "GoTamer" }, "ada");
  session.flash("notice", "once");
  await session.save();
  session.set("mine", true);
  const other = await loaded(elsewhere, session.id);
  other.set("theirs", true);
  await other.save();
  store.forget();
  return { session, old: session.id };
}

/** As many calls as a regenerate makes when nothing fails. */
const CALLS = [1, 2, 3, 4, 5, 6, 7, 8];

test("a regenerate that meets a parallel save takes no more calls than are tried here", async () => {
  const { session } = await scene();
  await session.regenerate();
  expect(store.calls.length).toBeLessThanOrEqual(CALLS.length);
});

describe("a crash", () => {
  test.each(CALLS)("before call %i leaves the old session, or the new one whole", async (n) => {
    const { session, old } = await scene();
    store.around = faulty("rejects before applying", ({ count }) => count >= n);
    const outcome = await session.regenerate().catch((error: unknown) => error);
    store.forget();
    const id = outcome === undefined ? session.id : old;
    expect(await stored(elsewhere, id)).toMatchObject({ alias: "GoTamer", theirs: true });
    expect(session.id).toBe(id);
    const again = await loaded(elsewhere, id);
    expect(await again.takeFlash("notice")).toEqual(["once"]);
  });

  test("between the two steps leaves a new id that nobody knows, and that ends with its owner", async () => {
    const { session, old } = await scene();
    store.around = faulty("rejects before applying", ({ count }) => count === 2);
    await expectCode(session.regenerate(), "STORE_UNAVAILABLE");
    store.forget();
    expect(session.id).toBe(old);
    expect(await elsewhere.revokeAll("ada")).toBe(2);
    expect(await all(sessions.list())).toEqual([]);
  });
});

describe("a session that is ended after a regenerate of unknown outcome", () => {
  const ends: [string, (old: string) => Promise<unknown>][] = [
    ["by its owner", () => elsewhere.revokeAll("ada")],
    ["by its old id", (old) => elsewhere.destroy(old)],
  ];

  test.each(ends.flatMap(([name, end]) => CALLS.map((n) => [name, n, end] as const)))(
    "%s (failing call %i) is not brought back when it is done again",
    async (_, n, end) => {
      const { session, old } = await scene();
      store.around = faulty("applies, then rejects", ({ count }) => count === n);
      await session.regenerate().catch(() => {});
      store.forget();
      await end(old);
      if (session.id === old) await expectCode(session.regenerate(), "SESSION_DESTROYED");
      expect(await elsewhere.load(session.id)).toBeUndefined();
      expect(await all(elsewhere.list())).toEqual([]);
    },
  );
});

const cases = FAULTS.flatMap((fault) => CALLS.map((n): [Fault, number] => [fault, n]));

describe("done again after a call that", () => {
  test.each(cases)("%s (call %i) it leaves one usable session", async (fault, n) => {
    const { session, old } = await scene();
    store.around = faulty(fault, ({ count }) => count === n);
    await again(() => session.regenerate());
    await one(session, old);
  });

  test.each(cases)("%s (call %i) it does so too with restart, a second later", async (fault, n) => {
    const { session, old } = await scene();
    store.around = faulty(fault, ({ count }) => count === n);
    await again(() => session.regenerate({ restart: true }));
    await one(session, old);
  });

  test.each(cases)("%s (call %i) destroy() instead leaves none", async (fault, n) => {
    const { session } = await scene();
    store.around = faulty(fault, ({ count }) => count === n);
    await session.regenerate().catch(() => {});
    store.forget();
    await session.destroy();
    expect(await all(sessions.list())).toEqual([]);
  });
});

/** Once more where it failed, when a second has passed. */
async function again(task: () => Promise<void>): Promise<void> {
  try {
    await task();
  } catch (error) {
    expect(error).toMatchObject({ code: "STORE_UNAVAILABLE", cause: expect.any(EngineError) });
    store.forget();
    jest.setSystemTime(Date.now() + 1_000);
    await task();
  }
  store.forget();
}

/** The session is whole under its new id, and there is no other. */
async function one(session: Session, old: string): Promise<void> {
  expect(session.id).not.toBe(old);
  expect(await elsewhere.load(old)).toBeUndefined();
  const expected = { alias: "GoTamer", mine: true, theirs: true };
  expect(await stored(elsewhere, session.id)).toEqual(expected);
  const handles = (await all(elsewhere.list())).map(({ handle }) => handle);
  expect(handles).toEqual([session.handle]);
  const reader = await loaded(elsewhere, session.id);
  expect(await reader.takeFlash("notice")).toEqual(["once"]);
  expect(reader.owner).toBe("ada");
}
