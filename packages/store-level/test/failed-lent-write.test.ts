import { expect, test } from "@jest/globals";
import { type LevelDatabase, LevelStore } from "@sess/store-level";
import { ClassicLevel } from "classic-level";
import { handle, record, rejection, scratch } from "./scratch.ts";

/** The database itself, with batches that fail while `broken` says so. */
function breakable(db: LevelDatabase): { db: LevelDatabase; broken: boolean } {
  const get = (target: LevelDatabase, name: string | symbol): unknown => {
    if (name === "batch" && state.broken) return failingBatch;
    const value: unknown = Reflect.get(target, name, target);
    return typeof value === "function" ? value.bind(target) : value;
  };
  const state = { broken: false, db: new Proxy(db, { get }) };
  return state;
}

function failingBatch() {
  const write = async () => {
    throw Object.assign(new Error("IO error: 000003.log: Input/output error"), {
      code: "LEVEL_IO_ERROR",
    });
  };
  return { put: () => {}, del: () => {}, write };
}

test("a failed write ends writing over a lent database, and reads go on", async () => {
  const classic = new ClassicLevel(scratch());
  await classic.open();
  const lent = breakable(classic);
  const store = new LevelStore(lent.db);
  await store.save(handle(1), record());
  lent.broken = true;
  const parallel = [handle(2), handle(3)].map((key) => rejection(store.save(key, record())));
  for (const error of await Promise.all(parallel)) {
    expect(error).toMatchObject({ code: "STORE_UNAVAILABLE", cause: { code: "LEVEL_IO_ERROR" } });
  }
  lent.broken = false;
  const refused = await rejection(store.save(handle(4), record()));
  expect(refused).toMatchObject({ code: "STORE_UNAVAILABLE" });
  expect(String(refused)).toContain("make a new LevelStore");
  expect(await store.load(handle(1))).toBeDefined();
  expect(() => new LevelStore(lent.db)).toThrow("Close it, open it again");

  await classic.close();
  await classic.open();
  const again = new LevelStore(lent.db);
  expect(await again.save(handle(4), record())).toBe(true);
  expect(await rejection(store.save(handle(5), record()))).toMatchObject({
    code: "STORE_UNAVAILABLE",
  });
  await store.close();
  expect(() => new LevelStore(lent.db)).toThrow("Another LevelStore uses this database");
  await classic.close();
});

test("a failed write over one sublevel stops the stores over the others", async () => {
  const classic = new ClassicLevel(scratch());
  const one = classic.sublevel("one");
  const two = classic.sublevel("two");
  await Promise.all([classic.open(), one.open(), two.open()]);
  const lent = breakable(one);
  lent.broken = true;
  const other = new LevelStore(two);
  await rejection(new LevelStore(lent.db).save(handle(1), record()));
  expect(await rejection(other.save(handle(1), record()))).toMatchObject({
    code: "STORE_UNAVAILABLE",
  });
  await classic.close();
});
