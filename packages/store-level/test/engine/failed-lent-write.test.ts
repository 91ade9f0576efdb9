import { afterEach, expect, jest, test } from "@jest/globals";
import { type LevelDatabase, LevelStore } from "@sess/store-level";
import { expectCode, handle, record, scratch } from "@sess/test-support";
import { ClassicLevel } from "classic-level";

afterEach(() => {
  jest.restoreAllMocks();
});

/** Has every write to `db` fail until the mock is restored. */
function failWrites(db: LevelDatabase) {
  return jest.spyOn(db, "batch").mockImplementation(() => {
    throw Object.assign(new Error("IO error: 000003.log: Input/output error"), {
      code: "LEVEL_IO_ERROR",
    });
  });
}

test("a failed write ends writing to a lent database, and reads go on", async () => {
  const db = new ClassicLevel(scratch());
  await db.open();
  const store = new LevelStore(db);
  await store.save(handle(1), record());
  const failing = failWrites(db);
  const saves = [handle(2), handle(3)].map((each) => store.save(each, record()));
  const errors = await Promise.all(saves.map((save) => expectCode(save, "STORE_UNAVAILABLE")));
  for (const { cause } of errors) expect(cause).toMatchObject({ code: "LEVEL_IO_ERROR" });
  failing.mockRestore();
  const refused = await expectCode(store.save(handle(4), record()), "STORE_UNAVAILABLE");
  expect(refused.message).toContain("make a new LevelStore");
  expect(await store.load(handle(1))).toBeDefined();
  expect(() => new LevelStore(db)).toThrow("Close it, open it again");

  await db.close();
  await db.open();
  const next = new LevelStore(db);
  expect(await next.save(handle(4), record())).toBe(true);
  await expectCode(store.save(handle(5), record()), "STORE_UNAVAILABLE");
  await store.close();
  expect(() => new LevelStore(db)).toThrow("Another LevelStore uses this database");
  await db.close();
});

test("a failed write to one sublevel stops the stores over the others", async () => {
  const db = new ClassicLevel(scratch());
  const [one, two] = [db.sublevel("one"), db.sublevel("two")];
  await Promise.all([db.open(), one.open(), two.open()]);
  const other = new LevelStore(two);
  failWrites(one);
  await expectCode(new LevelStore(one).save(handle(1), record()), "STORE_UNAVAILABLE");
  await expectCode(other.save(handle(1), record()), "STORE_UNAVAILABLE");
  await db.close();
});
