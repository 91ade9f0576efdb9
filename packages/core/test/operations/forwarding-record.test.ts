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
  test("is the next revision and names the new handle, nothing else", async () => {
    const { session, handle, createdAt, old } = await moved();
    const forwarding = store.records.get(handle);
    expect(forwarding).toMatchObject({ revision: old.revision + 1, createdAt });
    expect(forwarding?.data).toContain(session.handle);
    expect(forwarding?.data).not.toContain("s3cret");
    expect(forwarding?.data).not.toContain(session.id);
    expect(forwarding?.data.length).toBeLessThan(60);
  });

  test("keeps the owner, so that revokeAll() finds it", async () => {
    expect(store.records.get((await moved(HOUR, "ada")).handle)?.owner).toBe("ada");
    const without = store.records.get((await moved()).handle);
    expect(without).not.toHaveProperty("owner");
  });

  test("lives for five minutes", async () => {
    const { handle } = await moved();
    expect(store.records.get(handle)?.expiresAt).toBe(Date.now() + 5 * MINUTE);
  });

  test.each([1, 1_000, 5 * MINUTE - 1])(
    "expires 1 ms before the old record, which had %i ms more to live",
    async (left) => {
      const { handle, old } = await moved(24 * HOUR - 1 - left);
      expect(store.records.get(handle)?.expiresAt).toBe(old.expiresAt - 1);
      expect(old.expiresAt - 1).toBe(Date.now() + left);
    },
  );

  test("goes by the expiry to which another has extended the old record meanwhile", async () => {
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

  test("is missing if that instant has passed", async () => {
    const { session, handle } = await moved(24 * HOUR - 1);
    expect(store.records.get(handle)).toBeUndefined();
    expect(store.calls.at(-1)).toBe("delete");
    expect(await stored(sessions, session.id)).toMatchObject({ alias: "GoTamer" });
  });

  test("can be neither loaded nor listed", async () => {
    const { session, id } = await moved(HOUR, "ada");
    expect(await elsewhere.load(id)).toBeUndefined();
    const handles = async (owner?: string) =>
      (await collect(elsewhere.list(owner))).map((each) => each.handle);
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
    expect(store.records.get(late.handle)?.expiresAt).toBe(Date.now() + 5 * MINUTE);
  });
});
