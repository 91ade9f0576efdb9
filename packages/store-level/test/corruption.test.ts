import { expect, jest, test } from "@jest/globals";
import { LevelStore } from "@sess/store-level";
import { collect, handle, record, rejection } from "./scratch.ts";
import { damage, keysOf, watched } from "./watched.ts";

const key = handle(1);

for (const read of ["sync", "async"] as const) {
  test(`a record with one wrong character anywhere is RECORD_CORRUPT (${read})`, async () => {
    const { db, raw } = await watched();
    const store = new LevelStore(db, { read });
    await store.save(key, record({ owner: "ada", data: "short" }));
    const text = (await raw.get(`r${key}`)) ?? "";
    for (let at = 0; at < text.length; at += 1) {
      await raw.put(
        `r${key}`,
        text.slice(0, at) + (text[at] === "1" ? "2" : "1") + text.slice(at + 1),
      );
      expect(await rejection(store.load(key))).toMatchObject({ code: "RECORD_CORRUPT" });
    }
    for (let length = 0; length < text.length; length += 1) {
      await raw.put(`r${key}`, text.slice(0, length));
      expect(await rejection(store.load(key))).toMatchObject({ code: "RECORD_CORRUPT" });
    }
    await raw.put(`r${key}`, text);
    expect(await store.load(key)).toMatchObject({ owner: "ada", data: "short" });
  });

  test(`over a damaged record only a delete without revision does anything (${read})`, async () => {
    const { db, raw } = await watched();
    const store = new LevelStore(db, { read });
    await store.save(key, record({ owner: "ada" }));
    await damage(raw, key);
    const corrupt = expect.objectContaining({ code: "RECORD_CORRUPT" });
    expect(await rejection(store.save(key, record()))).toEqual(corrupt);
    expect(await rejection(store.save(key, record({ revision: 2 })))).toEqual(corrupt);
    expect(await rejection(store.touch(key, Date.now() + 9000))).toEqual(corrupt);
    expect(await rejection(store.delete(key, 1))).toEqual(corrupt);
    expect(await keysOf(raw, "r")).toHaveLength(1);
    expect(await store.delete(key)).toBe(true);
    expect(await raw.keys().all()).toEqual([]);
    expect(await store.save(key, record())).toBe(true);
  });

  test(`a damaged record fails its own operation and none of the same batch (${read})`, async () => {
    const { db, raw, batches } = await watched();
    const store = new LevelStore(db, { read });
    await store.save(key, record());
    await damage(raw, key);
    batches.length = 0;
    const [before, spoiled, after] = await Promise.allSettled([
      store.save(handle(2), record()),
      store.touch(key, Date.now() + 9000),
      store.save(handle(3), record()),
    ]);
    expect(before).toEqual({ status: "fulfilled", value: true });
    expect(spoiled).toMatchObject({ status: "rejected", reason: { code: "RECORD_CORRUPT" } });
    expect(after).toEqual({ status: "fulfilled", value: true });
    expect(batches).toHaveLength(1);
  });
}

test("the record of another session in its place is RECORD_CORRUPT", async () => {
  const { db, raw } = await watched();
  const store = new LevelStore(db);
  await store.save(key, record());
  await raw.put(`r${handle(2)}`, (await raw.get(`r${key}`)) ?? "");
  expect(await rejection(store.load(handle(2)))).toMatchObject({ code: "RECORD_CORRUPT" });
});

test("a record of nonsense can be deleted", async () => {
  const { db, raw } = await watched();
  const store = new LevelStore(db);
  for (const nonsense of ["", "\n", " ", "%", "0 1 2 3 %E0%A4%A\n", "no header at all"]) {
    await raw.put(`r${key}`, nonsense);
    expect(await rejection(store.load(key))).toMatchObject({ code: "RECORD_CORRUPT" });
    expect(await store.delete(key)).toBe(true);
    expect(await raw.get(`r${key}`)).toBeUndefined();
  }
});

test("a listing yields all but the damaged ones and then rejects", async () => {
  const { db, raw } = await watched();
  const store = new LevelStore(db, { sync: false });
  for (let number = 0; number < 600; number += 1) {
    void store.save(handle(number), record({ owner: "ada" }));
  }
  await store.save(handle(600), record({ owner: "bob" }));
  for (const number of [0, 300, 599]) await damage(raw, handle(number));
  for (const owner of [undefined, "ada"]) {
    const listed: string[] = [];
    const listing = async () => {
      for await (const [listedKey] of store.list(owner)) listed.push(listedKey);
    };
    expect(await rejection(listing())).toMatchObject({
      code: "RECORD_CORRUPT",
      message: expect.stringContaining("3 damaged records"),
      cause: expect.objectContaining({ code: "RECORD_CORRUPT" }),
    });
    expect(listed).toHaveLength(owner ? 597 : 598);
  }
  expect(await collect(store.list("bob"))).toHaveLength(1);
});

test("the record decides whose it is, the index only says where to look", async () => {
  const { db, raw } = await watched();
  const store = new LevelStore(db);
  await store.save(key, record({ owner: "ada" }));
  await raw.put(`oeve/${key}`, "");
  await raw.put(`oeve/${handle(9)}`, "");
  expect(await collect(store.list("eve"))).toEqual([]);
});

test("a block that cannot be read does not shield the records behind it from a listing", async () => {
  const { raw } = await watched();
  const store = new LevelStore(raw);
  for (let number = 0; number < 5; number += 1) await store.save(handle(number), record());
  const unreadable = Object.assign(new Error("corrupted block"), { code: "LEVEL_CORRUPTION" });
  const { get, iterator } = raw;
  jest.spyOn(raw, "iterator").mockImplementation((...asked: Parameters<typeof iterator>) => {
    if (String(Reflect.get(Object(asked[0]), "gt")).startsWith("r")) throw unreadable;
    return iterator.apply(raw, asked);
  });
  jest.spyOn(raw, "getMany").mockRejectedValue(unreadable);
  jest.spyOn(raw, "get").mockImplementation((...asked: Parameters<typeof get>) => {
    return asked[0] === `r${handle(2)}` ? Promise.reject(unreadable) : get.apply(raw, asked);
  });
  const found: string[] = [];
  const reading = (async () => {
    for await (const [each] of store.list()) found.push(each);
  })();
  expect(await rejection(reading)).toMatchObject({ code: "RECORD_CORRUPT" });
  expect(found).toEqual([0, 1, 3, 4].map(handle));
});
