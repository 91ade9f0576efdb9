import { beforeEach, describe, expect, test } from "@jest/globals";
import { SessionManager, type SessionManagerOptions, type SessionRecord } from "@sess/core";
import { collect, expectCode, SpyStore } from "@sess/test-support";
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

describe("a record that was cut", () => {
  test.each([
    ["plain", {}],
    ["sealed", { encrypt: true }],
    ['plain, with encrypt: "migrate"', { encrypt: "migrate" }],
  ] as const)("is refused at every length: %s", async (kind, options) => {
    const writer = kind === "sealed" ? manager(options) : manager();
    const session = await saved(writer, { alias: "GoTamer", cart: [1, 2], n: 12_345 });
    session.flash("info", "hello");
    await session.save();
    const [handle, record] = onlyRecord();
    const reader = manager(options);
    for (let length = 0; length < record.data.length; length += 1) {
      store.records.set(handle, { ...record, data: record.data.slice(0, length) });
      await expectCode(reader.load(session.id), "RECORD_CORRUPT");
    }
  });

  test("is reported by a list, which shows no part of it", async () => {
    const session = await saved(manager(), { n: 12_345 }, "me");
    const whole = await saved(manager(), { n: 1 }, "me");
    const record = store.records.get(session.handle);
    if (record === undefined) throw new Error("It is not stored.");
    store.records.set(session.handle, { ...record, data: record.data.slice(0, -3) });
    const shown: unknown[] = [];
    const listing = async () => {
      for await (const summary of manager().list("me"))
        shown.push([summary.handle, summary.get("n")]);
    };
    await expectCode(listing(), "RECORD_CORRUPT");
    expect(shown).toEqual([[whole.handle, 1]]);
  });

  test("or extended is refused, too", async () => {
    const session = await saved(manager());
    const [handle, record] = onlyRecord();
    for (const tail of ["\n", "x", '"more"\t1\n']) {
      store.records.set(handle, { ...record, data: record.data + tail });
      await expectCode(manager().load(session.id), "RECORD_CORRUPT");
    }
  });
});

describe("a record that does not match the options of the manager is refused and stays:", () => {
  const custom = { codec: JSON };
  const sealed = { encrypt: true };
  test.each([
    ["a custom codec's, read with the default", custom, {}],
    ["a sealed one, read without encrypt", sealed, {}],
    ["an unsealed one, read with encrypt", {}, sealed],
    ["a custom codec's, read sealed", custom, { ...custom, ...sealed }],
    ["another codec's in a migration", custom, { encrypt: "migrate" }],
  ] as const)("%s", async (_, written, read) => {
    const session = await saved(manager(written));
    const before = new Map(store.records);
    const reader = manager(read);
    await expectCode(reader.load(session.id), "RECORD_CORRUPT");
    await expectCode(reader.open(session.id), "RECORD_CORRUPT");
    await expectCode(
      reader.update(session.id, () => {}),
      "RECORD_CORRUPT",
    );
    await expectCode(collect(reader.list()), "RECORD_CORRUPT");
    expect(store.records).toEqual(before);
    expect(await manager(written).load(session.id)).toBeDefined();
  });

  test.each(["", "\n", "{}", "sess2jp AAAAAAAAAAAAAAAA 0\n", "[object Object]"])(
    "one of an unknown format: %j",
    async (data) => {
      const session = await saved(manager());
      const [handle, record] = onlyRecord();
      store.records.set(handle, { ...record, data });
      await expectCode(manager().load(session.id), "RECORD_CORRUPT");
      expect(store.records.get(handle)?.data).toBe(data);
    },
  );

  test("one whose own lifetime is no number of milliseconds", async () => {
    const session = await saved(manager());
    const [handle, record] = onlyRecord();
    const endless = "9".repeat(400);
    const data = record.data.replace(/^(sess1jp \S+ \d+).*/, `$1 ${endless} ${endless}`);
    store.records.set(handle, { ...record, data });
    await expectCode(manager().load(session.id), "RECORD_CORRUPT");
  });

  test("one with a key that cannot be read, when keys() is called", async () => {
    const session = await saved(manager(), { good: "yes", broken: "no" });
    const [handle, record] = onlyRecord();
    store.records.set(handle, { ...record, data: record.data.replace('"broken"', '"br\\xen"') });
    const again = await loaded(manager(), session.id);
    expect(again.get("good")).toBe("yes");
    await expectCode(() => again.keys(), "RECORD_CORRUPT");
  });

  test("one with a value that cannot be decoded, when that is read", async () => {
    const session = await saved(manager(), { good: "yes", bad: "no" });
    const [handle, record] = onlyRecord();
    store.records.set(handle, { ...record, data: record.data.replace('"no"', '"no}') });
    const again = await loaded(manager(), session.id);
    expect(again.get("good")).toBe("yes");
    const error = await expectCode(() => again.get("bad"), "RECORD_CORRUPT");
    expect(error.cause).toBeUndefined();
  });
});

test('encrypt: "migrate" reads unsealed records and seals what it writes', async () => {
  const { id } = await saved(manager(), { secret: "plain text" });
  const session = await loaded(manager({ encrypt: "migrate" }), id);
  expect(session.get("secret")).toBe("plain text");
  session.set("views", 1);
  await session.save();
  expect(onlyRecord()[1].data).not.toContain("plain text");
  expect(await stored(manager({ encrypt: true }), id)).toEqual({ secret: "plain text", views: 1 });
});
