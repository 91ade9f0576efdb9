import { expect, test } from "@jest/globals";
import { LevelStore } from "@sess/store-level";
import { collect, expectCode, handle, handles, record } from "@sess/test-support";
import { WatchedDatabase } from "./support/watched-database.ts";

const one = handle(1);

for (const read of ["sync", "async"] as const) {
  test(`a record with a wrong character anywhere is RECORD_CORRUPT (${read})`, async () => {
    const { db, raw } = await WatchedDatabase.open();
    const store = new LevelStore(db, { read });
    await store.save(one, record({ owner: "ada", data: "short" }));
    const text = (await raw.get(`r${one}`)) ?? "";
    for (let index = 0; index < text.length; index += 1) {
      const other = text[index] === "1" ? "2" : "1";
      await raw.put(`r${one}`, text.slice(0, index) + other + text.slice(index + 1));
      await expectCode(store.load(one), "RECORD_CORRUPT");
    }
    for (let length = 0; length < text.length; length += 1) {
      await raw.put(`r${one}`, text.slice(0, length));
      await expectCode(store.load(one), "RECORD_CORRUPT");
    }
    await raw.put(`r${one}`, text);
    expect(await store.load(one)).toMatchObject({ owner: "ada", data: "short" });
  });

  test(`only a delete without a revision does anything to a damaged record (${read})`, async () => {
    const watched = await WatchedDatabase.open();
    const store = new LevelStore(watched.db, { read });
    await store.save(one, record({ owner: "ada" }));
    await watched.damage(one);
    await expectCode(store.save(one, record()), "RECORD_CORRUPT");
    await expectCode(store.save(one, record({ revision: 2 })), "RECORD_CORRUPT");
    await expectCode(store.touch(one, Date.now() + 9_000), "RECORD_CORRUPT");
    await expectCode(store.delete(one, 1), "RECORD_CORRUPT");
    expect(await watched.keysOf("r")).toHaveLength(1);
    expect(await store.delete(one)).toBe(true);
    expect(await watched.raw.keys().all()).toEqual([]);
    expect(await store.save(one, record())).toBe(true);
  });

  test(`a damaged record fails its own operation and no other of the batch (${read})`, async () => {
    const watched = await WatchedDatabase.open();
    const store = new LevelStore(watched.db, { read });
    await store.save(one, record());
    await watched.damage(one);
    watched.batches.length = 0;
    const [before, damaged, after] = await Promise.allSettled([
      store.save(handle(2), record()),
      store.touch(one, Date.now() + 9_000),
      store.save(handle(3), record()),
    ]);
    expect(before).toEqual({ status: "fulfilled", value: true });
    expect(damaged).toMatchObject({ status: "rejected", reason: { code: "RECORD_CORRUPT" } });
    expect(after).toEqual({ status: "fulfilled", value: true });
    expect(watched.batches).toHaveLength(1);
  });
}

test("a record that is in another's place is RECORD_CORRUPT", async () => {
  const { db, raw } = await WatchedDatabase.open();
  const store = new LevelStore(db);
  await store.save(one, record());
  await raw.put(`r${handle(2)}`, (await raw.get(`r${one}`)) ?? "");
  await expectCode(store.load(handle(2)), "RECORD_CORRUPT");
});

test("a record of nonsense can be deleted", async () => {
  const { db, raw } = await WatchedDatabase.open();
  const store = new LevelStore(db);
  for (const nonsense of ["", "\n", " ", "%", "0 1 2 3 %E0%A4%A\n", "no fields at all"]) {
    await raw.put(`r${one}`, nonsense);
    await expectCode(store.load(one), "RECORD_CORRUPT");
    expect(await store.delete(one)).toBe(true);
    expect(await raw.get(`r${one}`)).toBeUndefined();
  }
});

test("a list yields all but the damaged records and then rejects", async () => {
  const watched = await WatchedDatabase.open();
  const store = new LevelStore(watched.db, { sync: false });
  const adas = handles(600);
  await Promise.all(adas.map((each) => store.save(each, record({ owner: "ada" }))));
  await store.save(handle(600), record({ owner: "bob" }));
  for (const number of [0, 300, 599]) await watched.damage(handle(number));
  for (const owner of [undefined, "ada"]) {
    const listed: string[] = [];
    const listing = async () => {
      for await (const [each] of store.list(owner)) listed.push(each);
    };
    const error = await expectCode(listing, "RECORD_CORRUPT");
    expect(error.message).toContain("3 damaged records");
    expect(error.cause).toMatchObject({
      code: "RECORD_CORRUPT",
      message: expect.stringContaining(handle(0)),
    });
    expect(listed).toHaveLength(owner === undefined ? 598 : 597);
  }
  expect(await collect(store.list("bob"))).toHaveLength(1);
});

test("the record decides whose it is; the index only says where to look", async () => {
  const { db, raw } = await WatchedDatabase.open();
  const store = new LevelStore(db);
  await store.save(one, record({ owner: "ada" }));
  await raw.put(`oeve/${one}`, "");
  await raw.put(`oeve/${handle(9)}`, "");
  expect(await collect(store.list("eve"))).toEqual([]);
});

test("a block that cannot be read does not hide the records behind it from a list", async () => {
  const { db } = await WatchedDatabase.open();
  const unreadable = Object.assign(new Error("corrupted block"), { code: "LEVEL_CORRUPTION" });
  const store = new LevelStore({
    ...db,
    iterator: () => {
      throw unreadable;
    },
    getMany: () => Promise.reject(unreadable),
    get: async (key, options) => {
      if (key === `r${handle(2)}`) throw unreadable;
      return db.get(key, options);
    },
  });
  for (const each of handles(5)) await store.save(each, record());
  const found: string[] = [];
  const listing = async () => {
    for await (const [each] of store.list()) found.push(each);
  };
  const error = await expectCode(listing, "RECORD_CORRUPT");
  expect(error.cause).toMatchObject({
    message: expect.stringContaining(handle(2)),
    cause: { code: "STORE_CORRUPT" },
  });
  expect(found).toEqual([0, 1, 3, 4].map(handle));
});
