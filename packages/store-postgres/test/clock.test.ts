import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { PostgresStore } from "@sess/store-postgres";
import { missingPostgres, orSkip } from "@sess/test-servers";
import { collect, handle, record } from "@sess/test-support";
import { expireRow, schemaOnServer } from "./support/test-schema.ts";

const YEAR = 31_536_000_000;

// PGlite tells the time by this process, so it has nothing to show here.
orSkip(describe, missingPostgres())("on a server,", () => {
  let store: PostgresStore;
  let databaseNow: () => Promise<number>;
  let expire: (handle: string) => Promise<void>;

  beforeAll(async () => {
    const { db, nextTable } = await schemaOnServer();
    const names = nextTable();
    store = new PostgresStore(db, names);
    expire = (each) => expireRow(db, names, each);
    await store.createTable();
    databaseNow = async () => {
      const { rows } = await db.query("SELECT floor(extract(epoch FROM now()) * 1000) AS now");
      return Number(rows[0].now);
    };
  });

  afterEach(() => {
    jest.restoreAllMocks();
  });

  test.each([
    ["a year behind", -YEAR],
    ["a year ahead", YEAR],
  ])("the database's clock decides, even if this process's is %s", async (_, wrong) => {
    const now = await databaseNow();
    jest.spyOn(Date, "now").mockReturnValue(now + wrong);
    const [live, over] = [handle(1), handle(2)];
    for (const each of [live, over]) await store.save(each, record({ expiresAt: now + 60_000 }));
    await expire(over);
    expect(await store.load(live)).toBeDefined();
    expect(await store.load(over)).toBeUndefined();
    expect(await store.touch(live, now + 90_000)).toBe(true);
    expect(await store.touch(over, now + 90_000)).toBe(false);
    expect(await store.save(live, record({ revision: 2, expiresAt: now + 90_000 }))).toBe(true);
    expect(await store.save(over, record({ revision: 2, expiresAt: now + 90_000 }))).toBe(false);
    expect((await collect(store.list())).map(([listed]) => listed)).toEqual([live]);
    expect(await store.sweep()).toBe(1);
    expect(await store.delete(live)).toBe(true);
  });

  test("what the database's clock has passed is not saved, and changes nothing", async () => {
    const now = await databaseNow();
    // By this process's clock there would be a year left.
    jest.spyOn(Date, "now").mockReturnValue(now - YEAR);
    const live = record({ expiresAt: now + 60_000 });
    for (const each of [handle(3), handle(4)]) await store.save(each, live);
    const past = record({ expiresAt: now - 1 });
    const pastNext = { ...past, revision: 2 };
    const together = [
      store.save(handle(5), past),
      store.save(handle(6), past),
      store.save(handle(3), pastNext),
      store.save(handle(4), pastNext),
    ];
    expect(await Promise.all(together)).toEqual([false, false, false, false]);
    const touched = [handle(3), handle(4)].map((each) => store.touch(each, now - 1));
    expect(await Promise.all(touched)).toEqual([false, false]);
    expect(await store.save(handle(5), past)).toBe(false);
    expect(await store.save(handle(3), pastNext)).toBe(false);
    expect(await store.touch(handle(3), now - 1, 1)).toBe(false);
    for (const each of [handle(3), handle(4)]) expect(await store.load(each)).toEqual(live);
    for (const each of [handle(5), handle(6)]) expect(await store.load(each)).toBeUndefined();
    // Nothing is there that a sweep could find.
    expect(await store.sweep()).toBe(0);
  });

  test("a session is over when the database's clock says so", async () => {
    const expiresAt = Math.ceil(await databaseNow()) + 500;
    expect(await store.save(handle(1), record({ expiresAt }))).toBe(true);
    while ((await databaseNow()) < expiresAt) await pause(20);
    expect(await store.load(handle(1))).toBeUndefined();
    expect(await store.delete(handle(1))).toBe(false);
  });
});
