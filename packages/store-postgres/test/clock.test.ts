import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { PostgresStore } from "@sess/store-postgres";
import { missingPostgres, orSkip } from "@sess/test-servers";
import { collect, handle, record } from "@sess/test-support";
import { schemaOnServer } from "./support/test-schema.ts";

const YEAR = 31_536_000_000;

// PGlite tells the time by this process, so it has nothing to show here.
orSkip(describe, missingPostgres())("on a server,", () => {
  let store: PostgresStore;
  let databaseNow: () => Promise<number>;

  beforeAll(async () => {
    const { db, nextTable } = await schemaOnServer();
    store = new PostgresStore(db, nextTable());
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
    await store.save(live, record({ expiresAt: now + 60_000 }));
    await store.save(over, record({ expiresAt: now - 1 }));
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

  test("a session is over when the database's clock says so", async () => {
    const expiresAt = Math.ceil(await databaseNow()) + 100;
    await store.save(handle(1), record({ expiresAt }));
    while ((await databaseNow()) < expiresAt) await pause(20);
    expect(await store.load(handle(1))).toBeUndefined();
    expect(await store.delete(handle(1))).toBe(false);
  });
});
