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
