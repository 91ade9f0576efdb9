import { beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { PostgresStore } from "@sess/store-postgres";
import { missingPostgres, openPostgres, orSkip } from "@sess/test-servers";
import { Client } from "pg";
import { type Place, placeOn, poolOf } from "./place.ts";
import { handle, handles, record, rejection } from "./sessions.ts";

orSkip(describe, missingPostgres())("on a server", () => {
  let url = "";
  let place: Place;
  let names: ReturnType<Place["table"]>;

  beforeAll(async () => {
    ({ url } = await openPostgres());
    place = await placeOn(url);
  });

  beforeEach(async () => {
    names = place.table();
    await new PostgresStore(place.db, names).createTable();
  });

  test("a pool of pg prepares by name, each statement once", async () => {
    const pool = poolOf(url, { max: 1 });
    const store = new PostgresStore(pool, names);
    for (let time = 0; time < 3; time += 1) await store.load(handle(1));
    for (let time = 0; time < 3; time += 1) await store.touch(handle(1), 1);
    const { rows } = await pool.query("SELECT name FROM pg_prepared_statements");
    expect(rows).toEqual([1, 2].map(() => ({ name: expect.stringMatching(/^sess-/) })));
  });

  test("a client that is handed in as its one call prepares nothing", async () => {
    const pool = poolOf(url, { max: 1 });
    const store = new PostgresStore({ query: (text, values) => pool.query(text, values) }, names);
    expect(await store.save(handle(1), record())).toBe(true);
    expect((await pool.query("SELECT name FROM pg_prepared_statements")).rows).toEqual([]);
  });

  test("one client serves a store as a pool does", async () => {
    const client = new Client({ connectionString: url });
    await client.connect();
    const store = new PostgresStore(client, names);
    expect(await Promise.all(handles(9).map((key) => store.save(key, record())))).not.toContain(
      false,
    );
    await client.end();
    expect(await rejection(store.load(handle(1)))).toMatchObject({ code: "STORE_CLOSED" });
  });
});
