import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { collect, expectCode } from "@sess/test-support";
import { loaded, saved, stored, type World, world } from "../support/sessions.ts";
import { HOUR, MINUTE, pass, startTime, stopTime } from "../support/time.ts";

let { store, sessions, elsewhere }: World = world();
beforeEach(() => {
  stopTime();
  ({ store, sessions, elsewhere } = world());
});
afterEach(startTime);

/** A session that was regenerated `age` ms after its save, and what it was before. */
async function moved(age = HOUR, owner?: string) {
  const session = await saved(sessions, { alias: "GoTamer", secret: "s3cret" }, owner);
  const { id, handle, createdAt } = session;
  const old = store.records.get(handle);
  if (old === undefined) throw new Error("nothing was saved");
  await pass(age);
  await session.regenerate();
  return { session, id, handle, createdAt: createdAt.getTime(), old };
}

describe("the record under the old handle", () => {
  test("is the next revision and names the new handle, the first one and the time, nothing else", async () => {
    const { session, handle, createdAt, old } = await moved();
    const forwarding = store.records.get(handle);
    expect(forwarding).toMatchObject({ revision: old.revision + 1, createdAt });
    expect(forwarding?.data).toContain(session.handle);
    expect(forwarding?.data).not.toContain("s3cret");
    expect(forwarding?.data).not.toContain(session.id);
    expect(forwarding?.data).toBe(`sess1m ${session.handle} ${Date.now()} ${handle}\n`);
    const second = session.handle;
    await session.regenerate();
    expect(store.records.get(second)?.data).toContain(` ${handle}\n`);
  });

  test("keeps the owner, so that revokeAll() finds it", async () => {
    expect(store.records.get((await moved(HOUR, "ada")).handle)?.owner).toBe("ada");
    const without = store.records.get((await moved()).handle);
    expect(without).not.toHaveProperty("owner");
  });

  test.each([1, 1_000, 5 * MINUTE, 23 * HOUR])(
    "lives for an hour, also if the old record had %i ms more to live",
    async (left) => {
      const { handle } = await moved(24 * HOUR - left);
      expect(store.records.get(handle)?.expiresAt).toBe(Date.now() + HOUR);
    },
  );

  test("lives for an hour, also if the timeouts are shorter", async () => {
    const short = world({ store, idleTimeout: 2 * MINUTE, absoluteTimeout: 10 * MINUTE }).sessions;
    const session = await saved(short);
    const { handle } = session;
    await session.regenerate();
    expect(store.records.get(handle)?.expiresAt).toBe(Date.now() + HOUR);
  });

  test.each([
    ["6 minutes after it got a new id", {}, 0, 6 * MINUTE],
    ["59 minutes after it got a new id", {}, 0, 59 * MINUTE],
    ["which was unused for 119.9 of 120 s", { idleTimeout: 2 * MINUTE }, 119_900, 1_000],
  ] as const)("lets its id end the session, %s", async (_, options, unused, later) => {
    const here = world({ store, ...options }).sessions;
    const session = await saved(here);
    const { id } = session;
    const other = await loaded(here, id);
    await pass(unused);
    await session.regenerate();
    await pass(later);
    await session.save();
    await other.destroy();
    expect(await here.load(session.id)).toBeUndefined();
  });

  test("can be neither loaded nor listed", async () => {
    const { session, id } = await moved(HOUR, "ada");
    expect(await elsewhere.load(id)).toBeUndefined();
    const handles = async (owner?: string) =>
      (await collect(owner === undefined ? elsewhere.list() : elsewhere.list(owner))).map(
        (each) => each.handle,
      );
    expect(await handles()).toEqual([session.handle]);
    expect(await handles("ada")).toEqual([session.handle]);
  });

  test("is still the session if another saves it in its last millisecond", async () => {
    const session = await saved(sessions);
    await pass(24 * HOUR - 1);
    const other = await loaded(elsewhere, session.id);
    other.set("theirs", true);
    await other.save();
    await session.regenerate();
    expect(await stored(sessions, session.id)).toEqual({ alias: "GoTamer", theirs: true });
  });
});

describe("an object that still has the old id", () => {
  test("cannot extend the forwarding record, and does not believe that it extended the session", async () => {
    const session = await saved(sessions);
    const late = await loaded(elsewhere, session.id);
    await pass(3 * HOUR);
    await session.regenerate();
    await expectCode(late.save(), "SESSION_DESTROYED");
    expect(store.records.get(late.handle)?.expiresAt).toBe(Date.now() + HOUR);
  });
});
