import { beforeAll, describe, expect, test } from "@jest/globals";
import { SessionManager } from "@sess/core";
import { engineCode } from "@sess/core/adapter";
import { type PostgresClient, PostgresStore } from "@sess/store-postgres";
import { missingPostgres, orSkip } from "@sess/test-servers";
import { handle, handles, record } from "@sess/test-support";
import type { Pool } from "pg";
import { Table } from "../src/table.ts";
import { poolOf, schemaOnServer, type TestSchema } from "./support/test-schema.ts";

/** What the server undid: each time by its SQLSTATE. */
type Undone = (string | undefined)[];

orSkip(describe, missingPostgres())("on a server,", () => {
  let schema: TestSchema<Pool> & { readonly url: string };

  beforeAll(async () => {
    schema = await schemaOnServer();
  });

  /** Four stores with a pool each, on one table. */
  async function fourStores(isolation: string) {
    const names = schema.nextTable();
    await new PostgresStore(schema.db, names).createTable();
    const options = `-c default_transaction_isolation=${isolation.replace(" ", "\\ ")}`;
    const undone: Undone = [];
    const open = () =>
      new PostgresStore(noting(poolOf(schema.url, { options, max: 4 }), undone), names);
    const stores = [open(), open(), open(), open()] as const;
    return { stores, undone, table: new Table(names).name };
  }

  function noting(client: PostgresClient, undone: Undone): PostgresClient {
    return {
      query: (text, values) =>
        client.query(text, values).catch((error: unknown) => {
          undone.push(engineCode(error));
          throw error;
        }),
    };
  }

  test.each(["serializable", "repeatable read", "read committed"])(
    "under %s a save is done once the transaction ends that has changed its row",
    async (isolation) => {
      const { stores, table } = await fourStores(isolation);
      await stores[0].save(handle(1), record());
      const other = poolOf(schema.url, { max: 1 });
      await other.query("BEGIN");
      await other.query(`UPDATE ${table} SET expires_at = expires_at + 1`);
      const saved = stores[0].save(handle(1), record({ revision: 2 }));
      // Elsewhere, so that the save has been asked for by now.
      await stores[1].load(handle(1));
      await other.query("COMMIT");
      expect(await saved).toBe(true);
    },
  );

  test.each(["serializable", "repeatable read"])(
    "under %s 64 updates over four pools add 64",
    async (isolation) => {
      const { stores } = await fourStores(isolation);
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
      const { stores, undone } = await fourStores(isolation);
      const all = handles(40);
      await Promise.all(all.map((each) => stores[0].save(each, record())));
      const expiresAt = Date.now() + 9_000_000;
      for (let round = 0; round < 15; round += 1) {
        const touched = stores.map((store, index) =>
          Promise.all(turned(all, index).map((each) => store.touch(each, expiresAt + index))),
        );
        const next = record({ revision: round + 2 });
        const saved = stores.map((store, index) =>
          Promise.all(turned(all, index + 1).map((each) => store.save(each, next))),
        );
        expect((await Promise.all(touched)).flat()).not.toContain(false);
        expect((await Promise.all(saved)).flat().filter(Boolean)).toHaveLength(all.length);
      }
      expect(undone).not.toContain("40P01");
    },
  );

  test("first saves and deletes of many connections on the same sessions never wait in a circle", async () => {
    const { stores, undone } = await fourStores("read committed");
    const all = handles(40);
    for (let round = 0; round < 15; round += 1) {
      const saved = stores.map((store, index) =>
        Promise.all(turned(all, index).map((each) => store.save(each, record()))),
      );
      expect((await Promise.all(saved)).flat().filter(Boolean)).toHaveLength(all.length);
      const deleted = stores.map((store, index) =>
        Promise.all(turned(all, index).map((each) => store.delete(each))),
      );
      expect((await Promise.all(deleted)).flat().filter(Boolean)).toHaveLength(all.length);
    }
    expect(undone).toEqual([]);
  });

  test("a sweep waits for nobody", async () => {
    const { stores, table } = await fourStores("read committed");
    const [store] = stores;
    await Promise.all(handles(5).map((each) => store.save(each, record())));
    const other = poolOf(schema.url, { max: 1 });
    await other.query(`UPDATE ${table} SET expires_at = 1000`);
    await other.query("BEGIN");
    await other.query(`SELECT FROM ${table} WHERE handle = $1 FOR UPDATE`, [handle(2)]);
    expect(await store.sweep()).toBe(4);
    await other.query("ROLLBACK");
    expect(await store.sweep()).toBe(1);
  });
});

/** The same, for every other store in the opposite order. */
function turned(all: readonly string[], index: number): readonly string[] {
  return index % 2 === 1 ? [...all].reverse() : all;
}
