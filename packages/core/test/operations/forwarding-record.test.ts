import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { HOUR, MINUTE, pass, startClock, stopClock } from "../support/clock.ts";
import { expectCode } from "../support/expect-code.ts";
import { all, loaded, saved, stored, type World, world } from "../support/sessions.ts";

let { store, sessions, elsewhere }: World = world();
beforeEach(() => {
  stopClock();
  ({ store, sessions, elsewhere } = world());
});
afterEach(startClock);

/** A session that was regenerated `age` ms after it was saved, and what stands under its old handle. */
async function moved(age = HOUR, owner?: string) {
  const session = await saved(sessions, { alias: "GoTamer", secret: "s3cret" }, owner);
  const { id, handle, createdAt } = session;
  const old = store.records.get(handle);
  if (old === undefined) throw new Error("nothing was saved");
  await pass(age);
  await session.regenerate();
  return { session, id, handle, createdAt: createdAt.getTime(), old };
}

describe("what stands under the old id", () => {
  test("is the next revision, names the new handle and no more", async () => {
    const { session, handle, createdAt, old } = await moved();
    const marker = store.records.get(handle);
    expect(marker).toMatchObject({ revision: old.revision + 1, createdAt });
    expect(marker?.data).toContain(session.handle);
    expect(marker?.data).not.toContain("s3cret");
    expect(marker?.data).not.toContain(session.id);
    expect(marker?.data.length).toBeLessThan(60);
  });

  test("keeps the owner, so that a sign-out everywhere finds it", async () => {
    expect(store.records.get((await moved(HOUR, "ada")).handle)?.owner).toBe("ada");
    const without = store.records.get((await moved()).handle);
    expect(without).not.toHaveProperty("owner");
  });

  test("expires five minutes from now", async () => {
    const { handle } = await moved();
    expect(store.records.get(handle)?.expiresAt).toBe(Date.now() + 5 * MINUTE);
  });

  test.each([1, 1_000, 5 * MINUTE - 1])(
    "expires 1 ms before the old record would have, which had %i ms left besides",
    async (left) => {
      const { handle, old } = await moved(24 * HOUR - 1 - left);
      expect(store.records.get(handle)?.expiresAt).toBe(old.expiresAt - 1);
      expect(old.expiresAt - 1).toBe(Date.now() + left);
    },
  );

  test("goes by the expiry that another access has given the old record meanwhile", async () => {
    const session = await saved(sessions);
    const { handle } = session;
    await pass(24 * HOUR - MINUTE);
    await (await loaded(elsewhere, session.id)).save();
    await pass(MINUTE - 1);
    await session.regenerate();
    expect(store.records.get(handle)?.expiresAt).toBe(Date.now() + 5 * MINUTE);
    expect(await sessions.revoke(handle)).toBe(true);
    expect(await sessions.load(session.id)).toBeUndefined();
  });

  test("is nothing where that instant is past", async () => {
    const { session, handle } = await moved(24 * HOUR - 1);
    expect(store.records.get(handle)).toBeUndefined();
    expect(store.calls.at(-1)).toBe("delete");
    expect(await stored(sessions, session.id)).toMatchObject({ alias: "GoTamer" });
  });

  test("is no session, neither to load nor to list", async () => {
    const { session, id } = await moved(HOUR, "ada");
    expect(await elsewhere.load(id)).toBeUndefined();
    const handles = async (owner?: string) =>
      (await all(elsewhere.list(owner))).map((each) => each.handle);
    expect(await handles()).toEqual([session.handle]);
    expect(await handles("ada")).toEqual([session.handle]);
  });

  test("is not what it cannot delete: a parallel save in the last millisecond is kept", async () => {
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
  test("cannot lengthen the marker's life or think that it extended the session", async () => {
    const session = await saved(sessions);
    const late = await loaded(elsewhere, session.id);
    await pass(3 * HOUR);
    await session.regenerate();
    await expectCode(late.save(), "SESSION_DESTROYED");
    expect(store.records.get(late.handle)?.expiresAt).toBe(Date.now() + 5 * MINUTE);
  });
});
