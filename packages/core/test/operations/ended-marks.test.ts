import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { Session } from "@sess/core";
import type { FaultEffect } from "@sess/core/conformance";
import { collect, expectCode, StoppedClock } from "@sess/test-support";
import { watchChannels } from "../support/channels.ts";
import { loaded, type World, world } from "../support/sessions.ts";

let { store, faults, sessions, elsewhere }: World = world();
let clock: StoppedClock;
beforeEach(() => {
  clock = new StoppedClock();
  ({ store, faults, sessions, elsewhere } = world());
});
afterEach(() => clock[Symbol.dispose]());

const MARK = "sess1e\n";

/** A session whose first save was rejected; what the store does with it, the effect says. */
async function inDoubt(effect: FaultEffect): Promise<Session> {
  const session = sessions.create();
  session.set("alias", "GoTamer");
  session.owner = "ada";
  faults.inject({ effect, method: "save" });
  await expectCode(session.save(), "STORE_UNAVAILABLE");
  return session;
}

const EFFECTS: readonly FaultEffect[] = ["reject-before", "reject-after", "reject-early"];

const ENDS: readonly [string, (session: Session) => Promise<unknown>][] = [
  ["its own destroy()", (session) => session.destroy()],
  ["destroy() by id", ({ id }) => sessions.destroy(id)],
  ["revoke()", ({ handle }) => sessions.revoke(handle)],
  ["revoke() by its owner", ({ handle }) => sessions.revoke(handle, { owner: "ada" })],
];

const CASES = EFFECTS.flatMap((effect) => ENDS.map(([name, end]) => [effect, name, end] as const));

describe("a session whose first save is in doubt", () => {
  test.each(CASES)("(%s) stays ended after %s", async (_, __, end) => {
    const session = await inDoubt(_);
    const { id } = session;
    await end(session);
    await faults.heal();
    expect(await elsewhere.load(id)).toBeUndefined();
    await expectCode(session.save(), "SESSION_DESTROYED");
    await expectCode(
      session.takeFlash("notice").then(() => session.save()),
      "SESSION_DESTROYED",
    );
    expect(await elsewhere.load(id)).toBeUndefined();
    expect(await collect(elsewhere.list())).toEqual([]);
  });

  test.each(EFFECTS)(
    "(%s) has an ended mark in its place, as long as the save could arrive",
    async (effect) => {
      const session = await inDoubt(effect);
      const { expiresAt } = session;
      await session.destroy();
      const mark = store.records.get(session.handle);
      expect(mark).toMatchObject({ data: MARK, expiresAt: expiresAt.getTime() });
      expect(mark).not.toHaveProperty("owner");
      expect(mark?.revision).toBe(effect === "reject-after" ? 2 : 1);
    },
  );

  test("and that others have saved on is ended by a mark over their save", async () => {
    const session = await inDoubt("reject-after");
    const other = await loaded(elsewhere, session.id);
    other.set("theirs", true);
    await other.save();
    await sessions.destroy(session.id);
    expect(store.records.get(session.handle)).toMatchObject({ revision: 3, data: MARK });
    await expectCode(session.save(), "SESSION_DESTROYED");
  });

  test("and that others have given a new id is ended there", async () => {
    const session = await inDoubt("reject-after");
    const other = await loaded(elsewhere, session.id);
    await other.regenerate();
    await session.destroy();
    expect(await elsewhere.load(other.id)).toBeUndefined();
  });

  test("and that a client sends twice stays ended when its mark is sent twice, too", async () => {
    const session = await inDoubt("reject-early");
    faults.inject({ effect: "duplicate-second", method: "save" });
    await session.destroy();
    await faults.heal();
    expect(await elsewhere.load(session.id)).toBeUndefined();
  });

  test("is another's if another record is under its handle: destroy() leaves that", async () => {
    const session = await inDoubt("reject-before");
    const others = { revision: 1, createdAt: 1, expiresAt: Date.now() + 60_000, data: "another's" };
    store.records.set(session.handle, others);
    await session.destroy();
    expect(store.records.get(session.handle)).toEqual(others);
  });

  test("can still be saved: only an end leaves a mark", async () => {
    const session = await inDoubt("reject-early");
    await session.save();
    await faults.heal();
    expect(store.records.get(session.handle)?.revision).toBe(1);
    expect((await loaded(elsewhere, session.id)).get("alias")).toBe("GoTamer");
  });
});

test("a session that was stored without doubt is deleted, and leaves no mark", async () => {
  const session = sessions.create();
  session.set("alias", "GoTamer");
  await session.save();
  await session.destroy();
  expect(store.records.size).toBe(0);
});

test.each(EFFECTS)("ending by a mark is one event on sess:delete (%s)", async (effect) => {
  const session = await inDoubt(effect);
  const { seen, stop } = watchChannels();
  await session.destroy();
  stop();
  const ends = seen.filter(({ name, phase }) => name === "delete" && phase === "asyncEnd");
  const outcome = effect === "reject-after" ? "hit" : "miss";
  expect(ends.map(({ event }) => event)).toEqual([{ handle: session.handle, outcome }]);
});

describe("an ended mark is no session:", () => {
  let session: Session;
  beforeEach(async () => {
    session = await inDoubt("reject-before");
    await session.destroy();
  });

  test("it is neither loaded nor listed nor looked up", async () => {
    expect(await elsewhere.load(session.id)).toBeUndefined();
    expect(await collect(elsewhere.list())).toEqual([]);
    expect(await elsewhere.lookup(session.id)).toEqual({ status: "unknown" });
    expect(await elsewhere.update(session.id, () => {})).toBeUndefined();
  });

  test("ending leaves it", async () => {
    const before = new Map(store.records);
    await elsewhere.destroy(session.id);
    expect(await elsewhere.revoke(session.handle)).toBe(false);
    expect(await elsewhere.revokeAll("ada")).toBe(0);
    expect(store.records).toEqual(before);
  });
});

test("a regenerate() whose new id is in doubt gives that id up and draws another", async () => {
  const session = sessions.create();
  session.set("alias", "GoTamer");
  await session.save();
  const fault = faults.inject({ effect: "reject-early", method: "save" });
  await expectCode(session.regenerate(), "STORE_UNAVAILABLE");
  await session.regenerate();
  expect(fault.hits).toBe(1);
  await faults.heal();
  const listed = await collect(elsewhere.list());
  expect(listed.map(({ handle }) => handle)).toEqual([session.handle]);
  expect([...store.records.values()].map(({ data }) => data)).toContain(MARK);
});
