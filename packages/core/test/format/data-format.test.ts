import { beforeEach, describe, expect, test } from "@jest/globals";
import { SessionManager, type SessionManagerOptions, type SessionRecord } from "@sess/core";
import { SpyStore } from "@sess/test-support";
import { SpyCodec } from "../support/codecs.ts";
import { between } from "../support/interference.ts";
import { loaded, saved, stored } from "../support/sessions.ts";

let store: SpyStore;

beforeEach(() => {
  store = new SpyStore();
});

function manager(options: Partial<SessionManagerOptions> = {}): SessionManager {
  return new SessionManager({ store, ...options });
}

/** The one record in the store. */
function onlyRecord(): [handle: string, record: SessionRecord] {
  const [only] = store.records;
  if (only === undefined) throw new Error("Nothing is stored.");
  return only;
}

function linesOf({ data }: SessionRecord): string[] {
  return data.split("\n").slice(1);
}

describe("data", () => {
  test("is a header, then one line for each key and each message", async () => {
    const session = manager().create();
    session.set("alias", "GoTamer");
    session.set("cart", [{ sku: 7 }]);
    session.flash("info", "hello");
    session.flash("info", { text: "again" });
    await session.save();
    expect(linesOf(onlyRecord()[1])).toEqual([
      '"alias"\t"GoTamer"',
      '"cart"\t[{"sku":7}]',
      '!"info"\t"hello"',
      '!"info"\t{"text":"again"}',
      "",
    ]);
  });

  test("has no line feed, tab, NUL or half a character within a line", async () => {
    const odd = '\n\t\0\r\ud800"\\\u2028!"info"\t1\n';
    const session = await saved(manager(), { [odd]: odd, plain: 1 });
    session.flash(odd, odd);
    await session.save();
    const [, record] = onlyRecord();
    expect(linesOf(record)).toHaveLength(4);
    expect(record.data.isWellFormed()).toBe(true);
    expect(record.data).not.toContain("\0");
    const again = await loaded(manager(), session.id);
    expect(again.get(odd)).toBe(odd);
    expect(again.keys().sort()).toEqual([odd, "plain"].sort());
    expect(await again.takeFlash(odd)).toEqual([odd]);
  });

  test("keeps messages and values apart, whatever keys and kinds are called", async () => {
    const session = manager().create();
    session.set('!"info"', "a value");
    session.set("info", "another");
    session.flash("info", "a message");
    session.flash('!"info"', "another");
    await session.save();
    const again = await loaded(manager(), session.id);
    expect(again.keys().sort()).toEqual(['!"info"', "info"]);
    expect(again.get('!"info"')).toBe("a value");
    expect(await again.takeFlash("info")).toEqual(["a message"]);
    expect(await again.takeFlash('!"info"')).toEqual(["another"]);
    expect(again.get("info")).toBe("another");
  });

  test("is searched for whole keys, not for parts or values", async () => {
    const values = { a: "b", aa: "a", b: '"a"\t1', '"a"': 2, "": 3 };
    const { id } = await saved(manager(), values);
    expect(await stored(manager(), id)).toEqual(values);
  });
});

describe("the header", () => {
  test.each([
    ["the default codec", {}, /^sess1jp [\w-]{16} \d+ /],
    ["a custom codec", { codec: new SpyCodec() }, /^sess1cp [\w-]{16} \d+ /],
    ["a seal", { encrypt: true }, /^sess1js [\w-]{16} \d+ /],
  ] as const)("names %s", async (_, options, header) => {
    await saved(manager(options));
    expect(onlyRecord()[1].data).toMatch(header);
  });

  test("has a new nonce for each save, even of the same data", async () => {
    const session = await saved(manager());
    for (let round = 0; round < 50; round += 1) {
      session.set("alias", "GoTamer");
      await session.save();
    }
    expect(new Set(store.saves.map(nonceOf)).size).toBe(51);
  });

  test("has a new nonce for each attempt of one save", async () => {
    const sessions = manager();
    const session = await saved(sessions);
    const other = await loaded(sessions, session.id);
    store.saves.length = 0;
    store.around = between("save", () => {
      other.set("views", 1);
      return other.save();
    });
    session.set("alias", "another");
    await session.save();
    expect(store.saves).toHaveLength(3);
    expect(new Set(store.saves.map(nonceOf)).size).toBe(3);
  });
});

function nonceOf({ data }: SessionRecord): string {
  const [, nonce] = data.split(" ");
  if (nonce === undefined) throw new Error("No nonce.");
  return nonce;
}
