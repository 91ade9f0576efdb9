import { randomBytes } from "node:crypto";
import { statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { PostgresStore } from "@sess/store-postgres";
import { missingPostgresServer, orSkip, PostgresServer } from "@sess/test-servers";
import { poolOf } from "./place.ts";
import { collect, handle, record, rejection } from "./sessions.ts";
import { missingDisk, SmallDisk } from "./small-disk.ts";

orSkip(describe, missingPostgresServer())("on a server of its own", () => {
  let server: PostgresServer;
  let store: PostgresStore;

  beforeAll(async () => {
    server = await PostgresServer.start();
    store = new PostgresStore(poolOf(server.url, { connectionTimeoutMillis: 5_000 }));
    await store.createTable();
  }, 60_000);

  afterAll(() => server.stop());

  test.each(["fast", "crash"] as const)(
    "what was acknowledged before a %s end is there after it, and what was ended stays ended",
    async (how) => {
      const [saved, deleted] = [new Set<string>(), new Set<string>()];
      let ended = false;
      const work = async (from: number) => {
        for (let number = from; !ended; number += 1) {
          const [key, before] = [handle(number), handle(number - 1)];
          try {
            if (await store.save(key, record({ data: key }))) saved.add(key);
            if (number % 2 === 0 && (await store.delete(before))) deleted.add(before);
          } catch (error) {
            expect(error).toMatchObject({ code: "STORE_UNAVAILABLE" });
          }
        }
      };
      const start = how === "fast" ? 1_000_000 : 2_000_000;
      const working = [0, 1, 2, 3].map((worker) => work(start + worker * 100_000));
      while (deleted.size < 100) await new Promise((resolve) => setTimeout(resolve, 1));
      await server.end(how);
      ended = true;
      await Promise.all(working);
      const failed = await rejection(store.load(handle(start)));
      expect(failed).toMatchObject({ code: "STORE_UNAVAILABLE" });

      await server.run();
      const loaded = await Promise.all([...saved].map(async (key) => [key, await store.load(key)]));
      const there = loaded.flatMap(([key, found]) => (found ? [key] : []));
      expect(there).toEqual([...saved].filter((key) => !deleted.has(key)));
    },
    60_000,
  );

  test("a database that cannot hold a text fails the session that has it, and no other", async () => {
    const admin = poolOf(server.url);
    await admin.query("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0");
    const url = new URL(server.url);
    url.pathname = "/latin";
    const latin = new PostgresStore(poolOf(url.href));
    await latin.createTable();
    const [one, other, third] = await Promise.allSettled([
      latin.save(handle(1), record({ data: "é" })),
      latin.save(handle(2), record({ data: "漢" })),
      latin.save(handle(3), record()),
    ]);
    expect([one, third]).toEqual([one, third].map(() => ({ status: "fulfilled", value: true })));
    expect(other).toMatchObject({
      reason: { code: "STORE_UNAVAILABLE", cause: { code: "22P05" } },
    });
    expect(String(Object(other).reason)).toContain("ENCODING 'UTF8'");
    expect((await latin.load(handle(1)))?.data).toBe("é");
  });

  test("a server without a connection left is an error that says so", async () => {
    const admin = poolOf(server.url);
    await admin.query("CREATE ROLE one LOGIN CONNECTION LIMIT 0");
    const url = new URL(server.url);
    url.username = "one";
    const error = await rejection(new PostgresStore(poolOf(url.href)).load(handle(1)));
    expect(error).toMatchObject({ code: "STORE_UNAVAILABLE", cause: { code: "53300" } });
    expect(String(error)).toContain("no connection left");
  });

  test("a row that the server cannot read is damaged, and no other session's trouble", async () => {
    const data = randomBytes(8_000).toString("hex");
    await store.save(handle(1), record({ owner: "ada" }));
    await store.save(handle(2), record({ owner: "ada", data }));
    const admin = poolOf(server.url, { max: 1 });
    const { rows } = await admin.query(
      "SELECT pg_relation_filepath(reltoastrelid) AS file FROM pg_class WHERE relname = 'sessions'",
    );
    const file = join(server.folder, rows[0].file);
    await server.end("fast");
    // Where the data of large sessions lies: zeros are pages without a row.
    writeFileSync(file, Buffer.alloc(statSync(file).size));
    await server.run();
    const damaged = { code: "RECORD_CORRUPT" };

    const [good, bad] = await Promise.allSettled([store.load(handle(1)), store.load(handle(2))]);
    expect(good).toMatchObject({ value: { owner: "ada" } });
    expect(bad).toMatchObject({ reason: { ...damaged, cause: { code: "XX001" } } });
    for (const owner of [undefined, "ada"]) {
      const listed: string[] = [];
      const reading = async () => {
        for await (const [key] of store.list(owner)) listed.push(key);
      };
      expect(await rejection(reading())).toMatchObject(damaged);
      expect(listed).toContain(handle(1));
      expect(listed).not.toContain(handle(2));
    }
    expect(await store.delete(handle(2))).toBe(true);
    expect(await collect(store.list("ada"))).toHaveLength(1);
  });

  orSkip(test, missingDisk())(
    "a full disk is an error, and with room again the next call succeeds",
    async () => {
      const disk = new SmallDisk(server.folder);
      try {
        const admin = poolOf(server.url);
        await admin.query(`CREATE TABLESPACE small LOCATION '${disk.path}'`);
        const pool = poolOf(server.url, { options: "-c default_tablespace=small" });
        const full = new PostgresStore(pool, { table: "full" });
        await full.createTable();
        const data = randomBytes(1_000).toString("hex");
        const save = (number: number) => full.save(handle(number), record({ data }));
        let number = 0;
        let error: unknown;
        while (error === undefined) {
          number += 1;
          error = await save(number).then(
            () => undefined,
            (reason: unknown) => reason,
          );
        }
        expect(error).toMatchObject({ code: "STORE_UNAVAILABLE", cause: { code: "53100" } });
        expect(String(error)).toMatch(/Nothing was written.*disk is full/);
        expect((await full.load(handle(number - 1)))?.data).toBe(data);
        expect(await full.load(handle(number))).toBeUndefined();
        disk.grow();
        expect(await save(number)).toBe(true);
        await server.end("crash");
      } finally {
        disk.unmount();
      }
    },
  );
});
