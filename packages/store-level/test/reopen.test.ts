import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, jest, test } from "@jest/globals";
import { LevelStore } from "@sess/store-level";
import { ClassicLevel } from "classic-level";
import { killed, start } from "./running.ts";
import { collect, handle, record, rejection, scratch } from "./scratch.ts";

test("what was saved, touched and deleted is so after closing and opening again", async () => {
  const location = scratch();
  const saved = record({ owner: "ada", data: "line\nline\ttab é 😀" });
  {
    await using store = await LevelStore.open(location);
    await store.save(handle(1), saved);
    await store.save(handle(2), record());
    await store.touch(handle(1), saved.expiresAt + 1000);
    await store.delete(handle(2));
  }
  await using store = await LevelStore.open(location);
  expect(await store.load(handle(1))).toEqual({ ...saved, expiresAt: saved.expiresAt + 1000 });
  expect(await store.load(handle(2))).toBeUndefined();
  expect(await collect(store.list("ada"))).toHaveLength(1);
});

test("closing waits for the writes that were asked for before", async () => {
  const location = scratch();
  const store = await LevelStore.open(location);
  const saves = Array.from({ length: 600 }, (_, number) => store.save(handle(number), record()));
  await Promise.all([store.close(), store.close()]);
  expect(await Promise.all(saves)).not.toContain(false);
  await using reopened = await LevelStore.open(location);
  expect(await collect(reopened.list())).toHaveLength(600);
});

test("a closed store rejects every call with STORE_CLOSED, and closing twice is fine", async () => {
  const store = await LevelStore.open(scratch());
  const started = store.list();
  await store.close();
  await store.close();
  await store[Symbol.asyncDispose]();
  for (const call of [
    () => store.load(handle(1)),
    () => store.save(handle(1), record()),
    () => store.delete(handle(1)),
    () => store.touch(handle(1), Date.now()),
    () => store.sweep(),
    () => collect(store.list()),
    () => collect(store.list("ada")),
    () => collect(started),
  ]) {
    expect(await rejection(call())).toMatchObject({ code: "STORE_CLOSED" });
  }
});

test("a call that comes while the store closes is refused", async () => {
  const store = await LevelStore.open(scratch());
  const saving = store.save(handle(1), record());
  const closing = store.close();
  expect(await rejection(store.save(handle(2), record()))).toMatchObject({ code: "STORE_CLOSED" });
  expect(await saving).toBe(true);
  await closing;
});

test("closing a store leaves a lent database open", async () => {
  const db = new ClassicLevel(scratch());
  await db.open();
  const store = new LevelStore(db);
  await store.save(handle(1), record());
  await store.close();
  expect(db.status).toBe("open");
  expect(await rejection(store.load(handle(1)))).toMatchObject({ code: "STORE_CLOSED" });
  expect(await new LevelStore(db).load(handle(1))).toBeDefined();
  await db.close();
});

test("a lent database that its owner closed is STORE_CLOSED", async () => {
  const db = new ClassicLevel(scratch());
  await db.open();
  const store = new LevelStore(db);
  await db.close();
  for (const call of [
    () => store.load(handle(1)),
    () => store.save(handle(1), record()),
    () => store.sweep(),
    () => collect(store.list()),
  ]) {
    expect(await rejection(call())).toMatchObject({ code: "STORE_CLOSED" });
  }
});

test("a database that vanished before it was reopened is not replaced by an empty one", async () => {
  const location = scratch();
  const store = await LevelStore.open(location);
  await store.save(handle(1), record());
  const failing = jest.spyOn(ClassicLevel.prototype, "batch").mockImplementation(() => {
    throw Object.assign(new Error("IO error: Input/output error"), { code: "LEVEL_IO_ERROR" });
  });
  const failed = store.save(handle(1), record({ revision: 2 }));
  expect(await rejection(failed)).toMatchObject({ code: "STORE_UNAVAILABLE" });
  failing.mockRestore();
  for (const file of readdirSync(location)) rmSync(join(location, file), { recursive: true });
  for (const call of [() => store.save(handle(2), record()), () => store.load(handle(1))]) {
    expect(await rejection(call())).toMatchObject({ code: "STORE_CORRUPT" });
  }
  expect(readdirSync(location)).not.toContain("CURRENT");
  await store.close();
});

test("nothing that was acknowledged is lost when the process is killed", async () => {
  const location = scratch();
  const child = start("save.ts", location);
  let acknowledged = -1;
  let text = "";
  child.stdout?.on("data", (chunk) => {
    text += chunk;
    acknowledged = Number(text.trimEnd().split("\n").at(-1));
    if (acknowledged > 100) child.kill("SIGKILL");
  });
  await new Promise((resolve) => child.on("close", resolve));
  await killed(child);
  expect(acknowledged).toBeGreaterThan(100);
  await using store = await LevelStore.open(location);
  for (let number = 0; number < acknowledged; number += 1) {
    const found = await store.load(handle(number));
    expect([number, found?.data]).toEqual([
      number,
      number % 2 === 1 ? `number ${number}` : undefined,
    ]);
  }
});
