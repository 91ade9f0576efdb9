import { expect, test } from "@jest/globals";
import { PostgresStore } from "@sess/store-postgres";
import { missingPostgres, openPostgres, orSkip } from "@sess/test-servers";
import { placeOn, poolOf } from "./place.ts";
import { handle, record } from "./sessions.ts";

const [first, second] = [handle(1), handle(2)];

orSkip(test, missingPostgres())(
  "a batch locks its sessions by their keys, in whatever order they were asked for",
  async () => {
    const { url } = await openPostgres();
    const place = await placeOn(url);
    const names = place.table();
    const table = `"${names.schema}"."${names.table}"`;
    const store = new PostgresStore(place.db, names);
    await store.createTable();
    for (const key of [second, first]) await store.save(key, record());

    const holder = poolOf(url, { max: 1 });
    await holder.query("BEGIN");
    await holder.query(`SELECT FROM ${table} WHERE key = $1 FOR UPDATE`, [first]);
    const { rows } = await holder.query("SELECT pg_backend_pid() AS pid");
    const expiresAt = Date.now() + 9_000_000;
    const touched = Promise.all([second, first].map((key) => store.touch(key, expiresAt)));
    const isWaiting = async () => {
      const waiting = "SELECT pid FROM pg_stat_activity WHERE $1 = ANY (pg_blocking_pids(pid))";
      return (await place.db.query(waiting, [rows[0]?.pid])).rows.length === 1;
    };
    while (!(await isWaiting()));

    // It waits for the first and has not taken the second.
    const taken = holder.query(`SELECT FROM ${table} WHERE key = $1 FOR UPDATE NOWAIT`, [second]);
    await expect(taken).resolves.toMatchObject({ rowCount: 1 });
    await holder.query("ROLLBACK");
    expect(await touched).toEqual([true, true]);
  },
);
