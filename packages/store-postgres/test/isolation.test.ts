import { beforeAll, describe, expect, test } from "@jest/globals";
import { SessionManager } from "@sess/core";
import { type PostgresClient, PostgresStore } from "@sess/store-postgres";
import { missingPostgres, openPostgres, orSkip } from "@sess/test-servers";
import { type Place, placeOn, poolOf } from "./place.ts";
import { handle, handles, record } from "./sessions.ts";

orSkip(describe, missingPostgres())("on a server", () => {
  let url = "";
  let place: Place;

  beforeAll(async () => {
    ({ url } = await openPostgres());
    place = await placeOn(url);
  });

  /** Counts what the server undoes, by its SQLSTATE. */
  function counting(client: PostgresClient, undone: Map<unknown, number>): PostgresClient {
    return {
      query: (text, values) =>
        client.query(text, values).catch((error: unknown) => {
          const { code } = Object(error);
          undone.set(code, (undone.get(code) ?? 0) + 1);
          throw error;
        }),
    };
  }

  /** Four stores with a pool each, on one table. */
  async function four(isolation: string, undone = new Map<unknown, number>()) {
    const names = place.table();
    await new PostgresStore(place.db, names).createTable();
    const options = `-c default_transaction_isolation=${isolation.replace(" ", "\\ ")}`;
    const store = () =>
      new PostgresStore(counting(poolOf(url, { options, max: 4 }), undone), names);
    return { names, stores: [store(), store(), store(), store()] as const };
  }

  /** Resolves when a statement on the table waits for a row that another holds. */
  async function waiting(table: string): Promise<void> {
    const blocked = `SELECT 1 FROM pg_stat_activity
      WHERE wait_event_type = 'Lock' AND state = 'active' AND query LIKE '%' || $1 || '%'`;
    while ((await place.db.query(blocked, [table])).rows.length === 0);
  }

  test.each(["serializable", "repeatable read"])(
    "under %s what the server undid is tried again",
    async (isolation) => {
      const undone = new Map<unknown, number>();
      const { stores, names } = await four(isolation, undone);
      await stores[0].save(handle(1), record());
      const holder = poolOf(url, { max: 1 });
      await holder.query("BEGIN");
      const table = `"${names.schema}"."${names.table}"`;
      await holder.query(`UPDATE ${table} SET expires_at = expires_at + 1`);
      const saved = stores[0].save(handle(1), record({ revision: 2 }));
      await waiting(names.table);
      await holder.query("COMMIT");
      expect(await saved).toBe(true);
      expect([...undone]).toEqual([["40001", 1]]);
    },
  );

  test.each(["serializable", "repeatable read"])(
    "under %s 64 updates over four pools add 64",
    async (isolation) => {
      const { stores } = await four(isolation);
      const managers = stores.map((store) => new SessionManager({ store, sweepInterval: 0 }));
      const session = new SessionManager({ store: stores[0] }).create();
      session.set("count", 0);
      await session.save();
      const add = (sessions: SessionManager) =>
        sessions.update(session.id, (each) => each.set("count", each.get("count") + 1));
      await Promise.all(
        managers.flatMap((sessions) => Array.from({ length: 16 }, () => add(sessions))),
      );
      await session.reload();
      expect(session.get("count")).toBe(64);
    },
  );

  test.each(["read committed", "serializable"])(
    "under %s batches of many connections on the same sessions never wait in a circle",
    async (isolation) => {
      const undone = new Map<unknown, number>();
      const { stores } = await four(isolation, undone);
      const keys = handles(40);
      await Promise.all(keys.map((key) => stores[0].save(key, record())));
      const expiresAt = Date.now() + 9_000_000;
      for (let round = 0; round < 15; round += 1) {
        const touched = stores.map((store, index) => {
          const order = index % 2 ? [...keys].reverse() : keys;
          return Promise.all(order.map((key) => store.touch(key, expiresAt + index)));
        });
        const saved = stores.map((store, index) => {
          const order = index % 2 ? keys : [...keys].reverse();
          return Promise.all(order.map((key) => store.save(key, record({ revision: round + 2 }))));
        });
        expect((await Promise.all(touched)).flat()).not.toContain(false);
        const won = (await Promise.all(saved)).flat().filter(Boolean);
        expect(won).toHaveLength(keys.length);
      }
      expect(undone.get("40P01")).toBeUndefined();
    },
  );

  test("deletes and first saves of many connections on the same sessions neither", async () => {
    const undone = new Map<unknown, number>();
    const { stores } = await four("read committed", undone);
    const keys = handles(40);
    for (let round = 0; round < 15; round += 1) {
      const turned = (index: number) => (index % 2 ? [...keys].reverse() : keys);
      const saves = stores.map((store, index) =>
        Promise.all(turned(index).map((key) => store.save(key, record()))),
      );
      expect((await Promise.all(saves)).flat().filter(Boolean)).toHaveLength(keys.length);
      const deletes = stores.map((store, index) =>
        Promise.all(turned(index).map((key) => store.delete(key))),
      );
      expect((await Promise.all(deletes)).flat().filter(Boolean)).toHaveLength(keys.length);
    }
    expect([...undone]).toEqual([]);
  });

  test("a sweep waits for nobody", async () => {
    const { stores, names } = await four("read committed");
    const [store] = stores;
    const over = record({ expiresAt: Date.now() - 1000 });
    await Promise.all(handles(5).map((key) => store.save(key, over)));
    const table = `"${names.schema}"."${names.table}"`;
    const holder = poolOf(url, { max: 1 });
    await holder.query("BEGIN");
    await holder.query(`SELECT * FROM ${table} WHERE key = $1 FOR UPDATE`, [handle(2)]);
    expect(await store.sweep()).toBe(4);
    await holder.query("ROLLBACK");
    expect(await store.sweep()).toBe(1);
  });
});
