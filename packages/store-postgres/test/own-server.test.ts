import { randomBytes } from "node:crypto";
import { statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { PostgresStore } from "@sess/store-postgres";
import { missingPostgresServer, orSkip, PostgresServer } from "@sess/test-servers";
import { afterTests, collect, expectCode, handle, record, rejection } from "@sess/test-support";
import { missingDisk, SmallDisk } from "./support/small-disk.ts";
import { poolOf } from "./support/test-schema.ts";

orSkip(describe, missingPostgresServer())("on a server of its own,", () => {
  let server: PostgresServer;
  let store: PostgresStore;

  beforeAll(async () => {
    server = await PostgresServer.start();
    afterTests(() => server.stop());
    store = new PostgresStore(poolOf(server.url, { connectionTimeoutMillis: 5_000 }));
    await store.createTable();
  }, 60_000);

  /** Saves sessions from the number `from` on and deletes every other one, until `hasEnded`. */
  async function saveAndDelete(
    from: number,
    {
      saved,
      deleted,
      hasEnded,
    }: Record<"saved" | "deleted", Set<string>> & { hasEnded(): boolean },
  ): Promise<void> {
    for (let number = from; !hasEnded(); number += 1) {
      const [current, before] = [handle(number), handle(number - 1)];
      try {
        if (await store.save(current, record({ data: current }))) saved.add(current);
        if (number % 2 === 0 && (await store.delete(before))) deleted.add(before);
      } catch (error) {
        expect(error).toMatchObject({ code: "STORE_UNAVAILABLE" });
      }
    }
  }

  test.each([
    ["a shutdown", "fast", 1_000_000],
    ["a crash", "crash", 2_000_000],
  ] as const)(
    "what was acknowledged before %s is there after it, and what was ended stays ended",
    async (_, how, start) => {
      const [saved, deleted] = [new Set<string>(), new Set<string>()];
      let hasEnded = false;
      const work = { saved, deleted, hasEnded: () => hasEnded };
      const working = [0, 1, 2, 3].map((worker) => saveAndDelete(start + worker * 100_000, work));
      while (deleted.size < 100) await pause(1);
      await server.end(how);
      hasEnded = true;
      await Promise.all(working);
      await expectCode(store.load(handle(start)), "STORE_UNAVAILABLE");

      await server.run();
      const loaded = await Promise.all([...saved].map((each) => store.load(each)));
      const there = loaded.flatMap((found) => (found ? [found.data] : []));
      expect(there).toEqual([...saved].filter((each) => !deleted.has(each)));
    },
    60_000,
  );

  test("what ends a session outlives a crash even if the server acknowledges sooner", async () => {
    const options = "-c synchronous_commit=off";
    await poolOf(server.url).query("ALTER SYSTEM SET wal_writer_delay = '10s'");
    await poolOf(server.url).query("SELECT pg_reload_conf()");
    for (const end of ["save", "delete"] as const) {
      const hasty = new PostgresStore(poolOf(server.url, { options }));
      const [first, last] = end === "save" ? [handle(50), handle(51)] : [handle(52), handle(53)];
      await store.save(first, record());
      const ended =
        end === "delete"
          ? hasty.delete(first)
          : hasty.save(first, record({ revision: 2, data: "ended" }), { durable: true });
      expect(await ended).toBe(true);
      expect(await hasty.save(last, record())).toBe(true);
      await server.end("crash");
      await server.run();
      expect((await store.load(first))?.data).toBe(end === "save" ? "ended" : undefined);
      // Shows that the server did acknowledge what was not on its disk.
      expect(await store.load(last)).toBeUndefined();
    }
  });

  test("a text that the database's encoding lacks fails the session that has it, and no other", async () => {
    await poolOf(server.url).query(
      "CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0",
    );
    const url = new URL(server.url);
    url.pathname = "/latin";
    const latin = new PostgresStore(poolOf(url.href));
    await latin.createTable();
    const refused = rejection(latin.save(handle(2), record({ data: "漢" })));
    const saved = ["é", "plain"].map((data, index) =>
      latin.save(handle(index * 2 + 1), record({ data })),
    );
    expect(await Promise.all(saved)).toEqual([true, true]);
    expect(await refused).toMatchObject({
      code: "STORE_UNAVAILABLE",
      message: expect.stringContaining("ENCODING 'UTF8'"),
      cause: { code: "22P05" },
    });
    expect((await latin.load(handle(1)))?.data).toBe("é");
  });

  test("a server without a connection left is an error that says so", async () => {
    await poolOf(server.url).query("CREATE ROLE one LOGIN CONNECTION LIMIT 0");
    const url = new URL(server.url);
    url.username = "one";
    const error = await rejection(new PostgresStore(poolOf(url.href)).load(handle(1)));
    expect(error).toMatchObject({ code: "STORE_UNAVAILABLE", cause: { code: "53300" } });
    expect(String(error)).toContain("no connection left");
  });

  test("a row that the server cannot read is damaged, and other sessions are not affected", async () => {
    const data = randomBytes(8_000).toString("hex");
    await store.save(handle(1), record({ owner: "ada" }));
    await store.save(handle(2), record({ owner: "ada", data }));
    const { rows } = await poolOf(server.url).query(
      "SELECT pg_relation_filepath(reltoastrelid) AS file FROM pg_class WHERE relname = 'sessions'",
    );
    const file = join(server.folder, rows[0].file);
    await server.end("fast");
    // Large sessions are kept here. Zeros are pages without a row.
    writeFileSync(file, Buffer.alloc(statSync(file).size));
    await server.run();
    const isDamaged = { code: "RECORD_CORRUPT", cause: { code: "XX001" } };

    const [good, bad] = [store.load(handle(1)), rejection(store.load(handle(2)))];
    expect(await good).toMatchObject({ owner: "ada" });
    expect(await bad).toMatchObject(isDamaged);
    for (const owner of [undefined, "ada"]) {
      const listed: string[] = [];
      const reading = async () => {
        for await (const [each] of store.list(owner)) listed.push(each);
      };
      expect(await rejection(reading())).toMatchObject({
        code: "RECORD_CORRUPT",
        message: expect.stringContaining("1 damaged record was skipped"),
        cause: isDamaged,
      });
      expect(listed).toContain(handle(1));
      expect(listed).not.toContain(handle(2));
    }
    expect(await store.delete(handle(2))).toBe(true);
    expect(await collect(store.list("ada"))).toHaveLength(1);
  });

  orSkip(test, missingDisk())(
    "a full disk is an error, and the next call succeeds once there is room again",
    async () => {
      const disk = new SmallDisk(server.folder);
      try {
        await poolOf(server.url).query(`CREATE TABLESPACE small LOCATION '${disk.path}'`);
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
