import { beforeEach, describe, expect, test } from "@jest/globals";
import type { SessionRecord } from "@sess/core";
import { collect, expectCode } from "@sess/test-support";
import { loaded, saved, stored, type World, world } from "../support/sessions.ts";

let { store, sessions, elsewhere }: World = world();
beforeEach(() => {
  ({ store, sessions, elsewhere } = world({ encrypt: true }));
});

const SECRETS = { alias: "GoTamer", card: { number: "4111-1111" } };

function recordOf({ handle }: { handle: string }): SessionRecord {
  const record = store.records.get(handle);
  if (record === undefined) throw new Error("nothing was saved");
  return record;
}

describe('with encrypt: "migrate"', () => {
  test("records of both kinds are read, and written ones are sealed", async () => {
    const plain = await saved(world({ store }).sessions, SECRETS);
    const sealed = await saved(sessions, SECRETS);
    const migrating = world({ store, encrypt: "migrate" }).sessions;
    expect(await stored(migrating, sealed.id)).toEqual(SECRETS);
    expect(await stored(migrating, plain.id)).toEqual(SECRETS);
    expect(recordOf(plain).data).toContain("GoTamer");
    const session = await loaded(migrating, plain.id);
    session.set("seen", true);
    await session.save();
    expect(recordOf(plain).data).not.toContain("GoTamer");
    expect(await stored(elsewhere, plain.id)).toEqual({ ...SECRETS, seen: true });
  });

  test("a list shows the values of unsealed sessions only", async () => {
    await saved(world({ store }).sessions, SECRETS, "ada");
    await saved(sessions, SECRETS, "ada");
    const summaries = await collect(world({ store, encrypt: "migrate" }).sessions.list("ada"));
    expect(summaries.map((each) => each.get("alias"))).toEqual(["GoTamer", undefined]);
  });
});

describe('with encrypt: "unseal"', () => {
  test("records of both kinds are read, and written ones are plain: the way back", async () => {
    const plain = await saved(world({ store }).sessions, SECRETS);
    const sealed = await saved(sessions, SECRETS, "ada");
    sealed.flash("notice", "hello");
    await sealed.save();
    const unsealing = world({ store, encrypt: "unseal" }).sessions;
    expect(await stored(unsealing, plain.id)).toEqual(SECRETS);
    expect(await stored(unsealing, sealed.id)).toEqual(SECRETS);
    expect(recordOf(sealed).data).not.toContain("GoTamer");
    const session = await loaded(unsealing, sealed.id);
    session.set("seen", true);
    await session.save();
    expect(recordOf(sealed).data).toContain("GoTamer");
    const back = await loaded(world({ store }).sessions, sealed.id);
    expect(back.owner).toBe("ada");
    expect(back.get("seen")).toBe(true);
    expect(await back.takeFlash("notice")).toEqual(["hello"]);
  });

  test.each(["update", "regenerate", "takeFlash"] as const)("%s() unseals, too", async (method) => {
    const sealed = await saved(sessions, SECRETS);
    sealed.flash("notice", "hello");
    await sealed.save();
    const session = await loaded(world({ store, encrypt: "unseal" }).sessions, sealed.id);
    if (method === "update") await session.update((each) => each.set("seen", true));
    if (method === "regenerate") await session.regenerate();
    if (method === "takeFlash") await session.takeFlash("notice");
    expect(recordOf(session).data).toContain("GoTamer");
  });

  test("a sealed record that was altered is refused as ever", async () => {
    const sealed = await saved(sessions, SECRETS);
    store.records.set(sealed.handle, { ...recordOf(sealed), owner: "eve" });
    const unsealing = world({ store, encrypt: "unseal" }).sessions;
    await expectCode(unsealing.load(sealed.id), "RECORD_CORRUPT");
  });
});

describe("a sealed session that is copied to another store", () => {
  test.each([1, 2, 7])(
    "can be read, saved and ended there, whatever its revision is: %d",
    async (revision) => {
      const session = await saved(sessions, SECRETS, "ada");
      session.set("seen", true);
      session.flash("notice", "hello");
      await session.save();
      const copy = world({ encrypt: true });
      copy.store.records.set(session.handle, { ...recordOf(session), revision });
      const there = await loaded(copy.sessions, session.id);
      expect(there.get("card")).toEqual(SECRETS.card);
      there.set("card", null);
      await there.save();
      expect(await (await loaded(copy.elsewhere, session.id)).takeFlash("notice")).toEqual([
        "hello",
      ]);
      await there.regenerate();
      expect(await copy.elsewhere.revokeAll("ada")).toBe(1);
      expect(await copy.sessions.load(there.id)).toBeUndefined();
    },
  );

  test("under another handle, or with another time of creation, cannot be read", async () => {
    const session = await saved(sessions, SECRETS);
    const other = await saved(sessions, SECRETS);
    const copy = world({ encrypt: true });
    const { createdAt } = recordOf(session);
    copy.store.records.set(other.handle, { ...recordOf(session), revision: 1 });
    copy.store.records.set(session.handle, { ...recordOf(session), createdAt: createdAt + 1 });
    await expectCode(copy.sessions.load(other.id), "RECORD_CORRUPT");
    await expectCode(copy.sessions.load(session.id), "RECORD_CORRUPT");
  });
});

describe("a record that does not match the option is refused and stays where it is:", () => {
  test("an unsealed record, with encrypt: true", async () => {
    const session = await saved(world({ store }).sessions, SECRETS);
    const before = recordOf(session);
    const error = await expectCode(sessions.load(session.id), "RECORD_CORRUPT");
    expect(error.message).toContain("encrypt");
    await expectCode(collect(sessions.list()), "RECORD_CORRUPT");
    expect(recordOf(session)).toEqual(before);
  });

  test("a sealed record, without encrypt", async () => {
    const session = await saved(sessions, SECRETS);
    const before = recordOf(session);
    const plain = world({ store }).sessions;
    const error = await expectCode(plain.load(session.id), "RECORD_CORRUPT");
    expect(error.message).toContain("encrypt");
    await expectCode(collect(plain.list()), "RECORD_CORRUPT");
    expect(recordOf(session)).toEqual(before);
  });

  test("a sealed record whose header says that it is plain", async () => {
    const session = await saved(sessions, SECRETS);
    const record = recordOf(session);
    const data = record.data.replace(/^sess1js/, "sess1jp");
    expect(data).not.toBe(record.data);
    store.records.set(session.handle, { ...record, data });
    await expectCode(sessions.load(session.id), "RECORD_CORRUPT");
    const migrating = world({ store, encrypt: "migrate" }).sessions;
    await expectCode(migrating.load(session.id), "RECORD_CORRUPT");
  });
});
