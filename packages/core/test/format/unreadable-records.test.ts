import { beforeEach, describe, expect, test } from "@jest/globals";
import { SessionManager, type SessionManagerOptions, type SessionRecord } from "@sess/core";
import { expectCode } from "../support/expect-code.ts";
import { all, loaded, saved, stored } from "../support/sessions.ts";
import { SpyStore } from "../support/spy.ts";

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
    ["plain, in a store that is being migrated", { encrypt: "migrate" }],
  ] as const)("is noticed at every length: %s", async (kind, options) => {
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

  test("is noticed by a list, which shows no half of a value", async () => {
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

  test("is noticed where it grew", async () => {
    const session = await saved(manager());
    const [handle, record] = onlyRecord();
    for (const tail of ["\n", "x", '"more"\t1\n']) {
      store.records.set(handle, { ...record, data: record.data + tail });
      await expectCode(manager().load(session.id), "RECORD_CORRUPT");
    }
  });
});

describe("what does not match the manager's options is RECORD_CORRUPT and stays", () => {
  const custom = { codec: JSON };
  const sealed = { encrypt: true };
  test.each([
    ["a custom codec's, read with the default", custom, {}],
    ["the default codec's, read with a custom one", {}, custom],
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
    await expectCode(all(reader.list()), "RECORD_CORRUPT");
    expect(store.records).toEqual(before);
    expect(await manager(written).load(session.id)).toBeDefined();
  });

  test.each(["", "\n", "{}", "sess2jp AAAAAAAAAAAAAAAA 0\n", "[object Object]"])(
    "what is of no format of ours: %j",
    async (data) => {
      const session = await saved(manager());
      const [handle, record] = onlyRecord();
      store.records.set(handle, { ...record, data });
      await expectCode(manager().load(session.id), "RECORD_CORRUPT");
      expect(store.records.get(handle)?.data).toBe(data);
    },
  );

  test("a lifetime of its own that is no number of milliseconds", async () => {
    const session = await saved(manager());
    const [handle, record] = onlyRecord();
    const endless = "9".repeat(400);
    const data = record.data.replace(/^(sess1jp \S+ \d+).*/, `$1 ${endless} ${endless}`);
    store.records.set(handle, { ...record, data });
    await expectCode(manager().load(session.id), "RECORD_CORRUPT");
  });

  test("a key that cannot be read, when the keys are asked for", async () => {
    const session = await saved(manager(), { good: "yes", broken: "no" });
    const [handle, record] = onlyRecord();
    store.records.set(handle, { ...record, data: record.data.replace('"broken"', '"br\\xen"') });
    const again = await loaded(manager(), session.id);
    expect(again.get("good")).toBe("yes");
    await expectCode(() => again.keys(), "RECORD_CORRUPT");
  });

  test("a value that cannot be decoded, when it is read and not before", async () => {
    const session = await saved(manager(), { good: "yes", bad: "no" });
    const [handle, record] = onlyRecord();
    store.records.set(handle, { ...record, data: record.data.replace('"no"', '"no}') });
    const again = await loaded(manager(), session.id);
    expect(again.get("good")).toBe("yes");
    const error = await expectCode(() => again.get("bad"), "RECORD_CORRUPT");
    expect(error.cause).toBeUndefined();
  });
});

test('"migrate" reads what is not sealed yet and seals what it writes', async () => {
  const { id } = await saved(manager(), { secret: "plain text" });
  const session = await loaded(manager({ encrypt: "migrate" }), id);
  expect(session.get("secret")).toBe("plain text");
  session.set("views", 1);
  await session.save();
  expect(onlyRecord()[1].data).not.toContain("plain text");
  expect(await stored(manager({ encrypt: true }), id)).toEqual({ secret: "plain text", views: 1 });
});
