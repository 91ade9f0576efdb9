import { expect, test } from "@jest/globals";
import { PostgresStore } from "@sess/store-postgres";
import { missingPostgres, orSkip } from "@sess/test-servers";
import { handle, record } from "@sess/test-support";
import { Table } from "../src/table.ts";
import { poolOf, schemaOnServer } from "./support/test-schema.ts";

const [first, second] = [handle(1), handle(2)];

orSkip(test, missingPostgres())(
  "a batch locks its sessions in the order of their handles, however they were asked for",
  async () => {
    const schema = await schemaOnServer();
    const names = schema.nextTable();
    const table = new Table(names).name;
    const store = new PostgresStore(schema.db, names);
    await store.createTable();
    for (const each of [second, first]) await store.save(each, record());

    const other = poolOf(schema.url, { max: 1 });
    await other.query("BEGIN");
    await other.query(`SELECT FROM ${table} WHERE handle = $1 FOR UPDATE`, [first]);
    const { pid } = (await other.query("SELECT pg_backend_pid() AS pid")).rows[0];
    const expiresAt = Date.now() + 9_000_000;
    const touched = Promise.all([second, first].map((each) => store.touch(each, expiresAt)));
    const blocked = "SELECT FROM pg_stat_activity WHERE $1 = ANY (pg_blocking_pids(pid))";
    while ((await schema.db.query(blocked, [pid])).rows.length === 0);

    // It waits for the first and has not taken the second.
    const lock = `SELECT FROM ${table} WHERE handle = $1 FOR UPDATE NOWAIT`;
    await expect(other.query(lock, [second])).resolves.toMatchObject({ rowCount: 1 });
    await other.query("ROLLBACK");
    expect(await touched).toEqual([true, true]);
  },
);
