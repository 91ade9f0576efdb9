import { hkdfSync } from "node:crypto";
import { beforeEach, describe, expect, test } from "@jest/globals";
import type { SessionRecord } from "@sess/core";
import { collect, expectCode } from "@sess/test-support";
import { Identity } from "../../src/policy/identity.ts";
import { between } from "../support/interference.ts";
import { loaded, saved, stored, type World, world } from "../support/sessions.ts";

let { store, sessions, elsewhere }: World = world();
beforeEach(() => {
  ({ store, sessions, elsewhere } = world({ encrypt: true }));
});

const ID = "a".repeat(43);
const SECRETS = { alias: "GoTamer", card: { number: "4111-1111" } };

function recordOf({ handle }: { handle: string }): SessionRecord {
  const record = store.records.get(handle);
  if (record === undefined) throw new Error("nothing was saved");
  return record;
}

describe("with encrypt, a stored record", () => {
  test("shows no key, value, kind or message", async () => {
    const session = await saved(sessions, SECRETS);
    session.flash("notice", "wire sent");
    await session.save();
    await session.regenerate();
    const all = JSON.stringify([...store.records]);
    for (const word of ["alias", "GoTamer", "card", "4111", "notice", "wire", session.id]) {
      expect(all).not.toContain(word);
      expect(all).not.toContain(Buffer.from(word).toString("base64").slice(0, -2));
    }
  });

  test("can be read with the id", async () => {
    const session = await saved(sessions, SECRETS);
    session.flash("notice", "wire sent");
    await session.save();
    expect(await stored(elsewhere, session.id)).toEqual(SECRETS);
    expect(await (await loaded(elsewhere, session.id)).takeFlash("notice")).toEqual(["wire sent"]);
  });

  test("stays sealed, whichever operation writes it", async () => {
    const session = await saved(sessions, SECRETS);
    await sessions.update(session.id, (each) => each.set("seen", "GoTamer again"));
    await session.reload();
    session.flash("notice", "wire sent");
    await session.regenerate();
    await session.takeFlash("notice");
    expect(JSON.stringify([...store.records])).not.toMatch(/GoTamer|wire/);
    expect(await stored(elsewhere, session.id)).toEqual({ ...SECRETS, seen: "GoTamer again" });
  });

  test("is sealed with a key that is derived from the id alone", () => {
    const { sealKey } = new Identity(ID);
    const derived = hkdfSync("sha256", ID, "", "@sess/core seal 1", 32);
    expect(sealKey).toEqual(Buffer.from(derived));
    expect(new Identity(ID.replace("a", "b")).sealKey).not.toEqual(sealKey);
  });

  test("cannot be opened with another id", async () => {
    const one = await saved(sessions, SECRETS);
    const other = await saved(sessions);
    store.records.set(other.handle, recordOf(one));
    await expectCode(sessions.load(other.id), "RECORD_CORRUPT");
  });

  test("cannot be swapped with another of the same owner and time", async () => {
    const one = await saved(sessions, SECRETS, "ada");
    const other = await saved(sessions, { alias: "other" }, "ada");
    const [first, second] = [recordOf(one), recordOf(other)];
    const { createdAt } = first;
    store.records.set(one.handle, { ...second, createdAt });
    store.records.set(other.handle, { ...first });
    await expectCode(sessions.load(one.id), "RECORD_CORRUPT");
    await expectCode(sessions.load(other.id), "RECORD_CORRUPT");
  });

  test.each([4, 8, 12, 15])("is refused when its tag is cut to %p bytes", async (length) => {
    // The session holds nothing, so that the sealed text is the tag alone.
    const session = sessions.create();
    session.owner = "ada";
    await session.save();
    const record = recordOf(session);
    const start = record.data.indexOf("\n") + 1;
    const tag = Buffer.from(record.data.slice(start), "base64url");
    expect(tag).toHaveLength(16);
    const cut = tag.subarray(0, length).toString("base64url");
    store.records.set(session.handle, { ...record, data: record.data.slice(0, start) + cut });
    await expectCode(sessions.load(session.id), "RECORD_CORRUPT");
  });

  const altered: [string, (record: SessionRecord) => SessionRecord][] = [
    ["createdAt", (record) => ({ ...record, createdAt: record.createdAt + 1 })],
    ["owner", (record) => ({ ...record, owner: "eve" })],
    ["owner (removed)", ({ owner: _, ...record }) => record],
    ["lifetime", (record) => withHeader(record, / (\d+) (\d+) \n/, " $19 $2 \n")],
    ["root", (record) => withHeader(record, / \n/, ` ~${"a".repeat(43)}\n`)],
    ["nonce", (record) => withHeader(record, / ([\w-])/, (_, one) => (one === "A" ? " B" : " A"))],
    ["length", (record) => withHeader(record, / (\d+) /, " 1$1 ")],
    ["text (cut)", (record) => ({ ...record, data: record.data.slice(0, -4) })],
    ["text (one character)", (record) => ({ ...record, data: flipped(record.data) })],
    ["text (all of it)", (record) => withHeader(record, /\n.*$/, "\n")],
  ];

  function withHeader(
    record: SessionRecord,
    what: RegExp,
    by: string | ((...match: string[]) => string),
  ): SessionRecord {
    const data = record.data.replace(what, (...match) =>
      typeof by === "string" ? String(match[0]).replace(what, by) : by(...match.map(String)),
    );
    return { ...record, data };
  }

  function flipped(data: string): string {
    const at = data.length - 30;
    return `${data.slice(0, at)}${data[at] === "A" ? "B" : "A"}${data.slice(at + 1)}`;
  }

  test.each(altered)(
    "is refused and stays where it is when its %s is altered",
    async (_, alter) => {
      const session = sessions.create({ idleTimeout: 3_600_000, absoluteTimeout: 7_200_000 });
      session.set("alias", "GoTamer");
      session.owner = "ada";
      await session.save();
      const record = recordOf(session);
      const changed = alter(record);
      expect(changed).not.toEqual(record);
      store.records.set(session.handle, changed);
      await expectCode(sessions.load(session.id), "RECORD_CORRUPT");
      await expectCode(
        sessions.update(session.id, () => {}),
        "RECORD_CORRUPT",
      );
      expect(recordOf(session)).toEqual(changed);
    },
  );

  test("can be read at another revision, as in a store that it was copied to", async () => {
    const session = await saved(sessions, SECRETS, "ada");
    session.set("views", 1);
    await session.save();
    const record = recordOf(session);
    expect(record.revision).toBe(2);
    const copied = world({ encrypt: true });
    expect(await copied.store.save(session.handle, { ...record, revision: 1 })).toBe(true);
    expect(await stored(copied.sessions, session.id)).toEqual({ ...SECRETS, views: 1 });
  });

  test("gets a new nonce with each save, even of the same values", async () => {
    const { id, handle } = await saved(sessions);
    const texts = [recordOf({ handle }).data];
    for (let round = 0; round < 20; round += 1) {
      const session = await loaded(sessions, id);
      session.set("alias", "GoTamer");
      await session.save();
      texts.push(recordOf({ handle }).data);
    }
    expect(new Set(texts.map((text) => text.split(" ")[1])).size).toBe(21);
    expect(new Set(texts.map((text) => text.split("\n")[1])).size).toBe(21);
  });

  test("gets a new nonce with each attempt of one save", async () => {
    const session = await saved(sessions);
    const other = await loaded(elsewhere, session.id);
    const nonces: string[] = [];
    const { save } = store;
    store.save = (handle, record) => {
      nonces.push(record.data.split(" ")[1] ?? "");
      return save.call(store, handle, record);
    };
    store.around = between("save", async () => {
      store.forget();
      other.set("theirs", true);
      await other.save();
    });
    session.set("mine", true);
    await session.save();
    expect(nonces).toHaveLength(3);
    expect(new Set(nonces).size).toBe(3);
  });

  test("shows its times, owner and revision, so that list() and revokeAll() work", async () => {
    const session = await saved(sessions, SECRETS, "ada");
    const [summary] = await collect(elsewhere.list("ada"));
    const { handle, createdAt, expiresAt } = session;
    expect(summary).toMatchObject({ handle, owner: "ada", createdAt, expiresAt });
    expect(summary?.get("alias")).toBeUndefined();
    expect(await elsewhere.revokeAll("ada")).toBe(1);
    expect(await sessions.load(session.id)).toBeUndefined();
  });

  test("may have its expiry changed, as a touch does", async () => {
    const session = await saved(sessions, SECRETS);
    const record = recordOf(session);
    store.records.set(session.handle, { ...record, expiresAt: record.expiresAt - 1_000 });
    expect(await stored(elsewhere, session.id)).toEqual(SECRETS);
  });

  test("may hold any text", async () => {
    const values = { text: 'tab\tline\nquote"emoji😀\u0000', "key\t\n!": ["", "ß", "\ud83d"] };
    const session = await saved(sessions, values);
    expect(await stored(elsewhere, session.id)).toEqual(values);
  });
});
