import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { Session } from "@sess/core";
import type { FaultEffect } from "@sess/core/conformance";
import { collect, expectCode, StoppedClock } from "@sess/test-support";
import { FAULTS, INJECTED_ERROR } from "../support/faults.ts";
import { loaded, saved, stored, type World, world } from "../support/sessions.ts";

let { store, faults, sessions, elsewhere }: World = world();
let clock: StoppedClock;
beforeEach(() => {
  clock = new StoppedClock();
  ({ store, faults, sessions, elsewhere } = world());
});
afterEach(() => clock[Symbol.dispose]());

/** A session with an unsaved change, which another has saved meanwhile. */
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

/** The calls of a regenerate in which nothing fails. */
const CALLS = [1, 2, 3, 4, 5, 6, 7, 8];

test("a regenerate that meets a parallel save makes no more calls than are tried here", async () => {
  const { session } = await scene();
  await session.regenerate();
  expect(store.calls.length).toBeLessThanOrEqual(CALLS.length);
});

describe("a crash", () => {
  test.each(CALLS)("before call %i leaves the old session, or the new one whole", async (call) => {
    const { session, old } = await scene();
    faults.inject({ effect: "reject-before", call, persistent: true });
    const failure: unknown = await session.regenerate().catch((error: unknown) => error);
    await faults.heal();
    const id = failure === undefined ? session.id : old;
    expect(await stored(elsewhere, id)).toMatchObject({ alias: "GoTamer", theirs: true });
    expect(session.id).toBe(id);
    const again = await loaded(elsewhere, id);
    expect(await again.takeFlash("notice")).toEqual(["once"]);
  });

  test("between its two saves leaves a new id that nobody knows and that revokeAll() ends", async () => {
    const { session, old } = await scene();
    faults.inject({ effect: "reject-before", call: 2 });
    await expectCode(session.regenerate(), "STORE_UNAVAILABLE");
    expect(session.id).toBe(old);
    expect(await elsewhere.revokeAll("ada")).toBe(2);
    expect(await collect(sessions.list())).toEqual([]);
  });
});

describe("after a regenerate of unknown outcome, a session that is ended", () => {
  const ends: [string, (old: string) => Promise<unknown>][] = [
    ["by its owner", () => elsewhere.revokeAll("ada")],
    ["by its old id", (old) => elsewhere.destroy(old)],
  ];

  test.each(ends.flatMap(([name, end]) => CALLS.map((call) => [name, call, end] as const)))(
    "%s is not brought back by another try (failing call %i)",
    async (_, call, end) => {
      const { session, old } = await scene();
      faults.inject({ effect: "reject-after", call });
      await session.regenerate().catch(() => {});
      await faults.heal();
      await end(old);
      if (session.id === old) await expectCode(session.regenerate(), "SESSION_DESTROYED");
      expect(await elsewhere.load(session.id)).toBeUndefined();
      expect(await collect(elsewhere.list())).toEqual([]);
    },
  );
});

const cases = FAULTS.flatMap(([name, effect]) =>
  CALLS.map((call): [string, number, FaultEffect] => [name, call, effect]),
);

describe("when a store", () => {
  test.each(cases)(
    "%s in call %i, another try leaves one usable session",
    async (_, call, effect) => {
      const { session, old } = await scene();
      faults.inject({ effect, call });
      await again(() => session.regenerate());
      await expectOnly(session, old);
    },
  );

  test.each(cases)(
    "%s in call %i, so does another try with restart, a second later",
    async (_, call, effect) => {
      const { session, old } = await scene();
      faults.inject({ effect, call });
      await again(() => session.regenerate({ restart: true }));
      await expectOnly(session, old);
    },
  );

  test.each(cases)("%s in call %i, destroy() leaves no session", async (_, call, effect) => {
    const { session } = await scene();
    faults.inject({ effect, call });
    await session.regenerate().catch(() => {});
    await faults.heal();
    await session.destroy();
    expect(await collect(sessions.list())).toEqual([]);
  });
});

/** Runs `task`, and once more a second later if it failed. */
async function again(task: () => Promise<void>): Promise<void> {
  try {
    await task();
  } catch (error) {
    expect(error).toMatchObject({ code: "STORE_UNAVAILABLE", cause: INJECTED_ERROR });
    await faults.heal();
    clock.advance(1_000);
    await task();
  }
  await faults.heal();
}

/** The session is whole under its new id, and there is no other. */
async function expectOnly(session: Session, old: string): Promise<void> {
  expect(session.id).not.toBe(old);
  expect(await elsewhere.load(old)).toBeUndefined();
  const expected = { alias: "GoTamer", mine: true, theirs: true };
  expect(await stored(elsewhere, session.id)).toEqual(expected);
  const handles = (await collect(elsewhere.list())).map(({ handle }) => handle);
  expect(handles).toEqual([session.handle]);
  const reader = await loaded(elsewhere, session.id);
  expect(await reader.takeFlash("notice")).toEqual(["once"]);
  expect(reader.owner).toBe("ada");
}
