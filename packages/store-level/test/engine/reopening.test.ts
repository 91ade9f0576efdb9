import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, jest, test } from "@jest/globals";
import { LevelStore } from "@sess/store-level";
import {
  bundle,
  collect,
  expectCode,
  handle,
  handles,
  Program,
  record,
  StoppedClock,
  scratch,
} from "@sess/test-support";
import { ClassicLevel } from "classic-level";

const save = bundle(join(__dirname, "../programs/save.ts"), { external: ["classic-level"] });

test("what was saved, touched and deleted is so after closing and opening again", async () => {
  const location = scratch();
  const saved = record({ owner: "ada", data: "line\nline\ttab é 😀" });
  {
    await using store = await LevelStore.open(location);
    await store.save(handle(1), saved);
    await store.save(handle(2), record());
    await store.touch(handle(1), saved.expiresAt + 1_000);
    await store.delete(handle(2));
  }
  await using store = await LevelStore.open(location);
  expect(await store.load(handle(1))).toEqual({ ...saved, expiresAt: saved.expiresAt + 1_000 });
  expect(await store.load(handle(2))).toBeUndefined();
  expect(await collect(store.list("ada"))).toHaveLength(1);
});

test("close() waits for the writes that were asked for before", async () => {
  const location = scratch();
  const store = await LevelStore.open(location);
  const saves = handles(600).map((each) => store.save(each, record()));
  await Promise.all([store.close(), store.close()]);
  expect(await Promise.all(saves)).not.toContain(false);
  await using reopened = await LevelStore.open(location);
  expect(await collect(reopened.list())).toHaveLength(600);
});

test("a closed store rejects every call with STORE_CLOSED, and can be closed again", async () => {
  const store = await LevelStore.open(scratch());
  const list = store.list();
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
    () => collect(list),
  ]) {
    await expectCode(call(), "STORE_CLOSED");
  }
});

test("calls that come while the store closes are refused", async () => {
  const store = await LevelStore.open(scratch());
  const saving = store.save(handle(1), record());
  const closing = store.close();
  await expectCode(store.save(handle(2), record()), "STORE_CLOSED");
  await expectCode(store.load(handle(1)), "STORE_CLOSED");
  expect(await saving).toBe(true);
  await closing;
});

for (const read of ["sync", "async"] as const) {
  test(`every call that was made before close() is carried out (${read})`, async () => {
    const location = scratch();
    const saved = record();
    {
      await using store = await LevelStore.open(location);
      await store.save(handle(1), saved);
      await store.save(handle(2), saved);
      await store.save(handle(3), saved);
    }
    const store = await LevelStore.open(location, { read });
    const calls = [
      store.load(handle(1)),
      store.save(handle(1), { ...saved, revision: 2 }),
      store.touch(handle(2), saved.expiresAt + 1_000),
      store.delete(handle(3)),
      store.sweep(),
    ];
    await store.close();
    expect(await Promise.all(calls)).toEqual([saved, true, true, true, 0]);
  });
}

test("a sweep that is under way when the store closes is carried out; a list is cut off", async () => {
  const location = scratch();
  const store = await LevelStore.open(location, { sync: false });
  using clock = new StoppedClock();
  const short = record({ expiresAt: clock.now + 1_000 });
  await Promise.all(handles(1_000).map((each) => store.save(each, short)));
  await Promise.all(handles(1_000, 1_000).map((each) => store.save(each, record())));
  clock.advance(1_000);
  const sweeping = store.sweep();
  const list = store.list()[Symbol.asyncIterator]();
  await list.next();
  await store.close();
  expect(await sweeping).toBe(1_000);
  const rest = async () => {
    while (!(await list.next()).done);
  };
  await expectCode(rest, "STORE_CLOSED");
  await using reopened = await LevelStore.open(location);
  expect(await collect(reopened.list())).toHaveLength(1_000);
});

test("a lent database stays open when its store is closed", async () => {
  const db = new ClassicLevel(scratch());
  await db.open();
  const store = new LevelStore(db);
  await store.save(handle(1), record());
  await store.close();
  expect(db.status).toBe("open");
  await expectCode(store.load(handle(1)), "STORE_CLOSED");
  expect(await new LevelStore(db).load(handle(1))).toBeDefined();
  await db.close();
});

test("a lent database that its owner has closed is STORE_CLOSED", async () => {
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
    await expectCode(call(), "STORE_CLOSED");
  }
});

test("a database that vanished before it is opened again is not replaced by an empty one", async () => {
  const location = scratch();
  const store = await LevelStore.open(location);
  await store.save(handle(1), record());
  const failing = jest.spyOn(ClassicLevel.prototype, "batch").mockImplementation(() => {
    throw Object.assign(new Error("IO error: Input/output error"), { code: "LEVEL_IO_ERROR" });
  });
  await expectCode(store.save(handle(1), record({ revision: 2 })), "STORE_UNAVAILABLE");
  failing.mockRestore();
  for (const file of readdirSync(location)) rmSync(join(location, file), { recursive: true });
  await expectCode(store.save(handle(2), record()), "STORE_CORRUPT");
  await expectCode(store.load(handle(1)), "STORE_CORRUPT");
  expect(readdirSync(location)).not.toContain("CURRENT");
  await store.close();
});

test("nothing that was acknowledged is lost when the process is killed", async () => {
  const location = scratch();
  const program = Program.node(save, [location]);
  let acknowledged = -1;
  for await (const line of program.lines) {
    acknowledged = Number(line);
    if (acknowledged > 100) program.process.kill("SIGKILL");
  }
  await program.kill();
  expect(acknowledged).toBeGreaterThan(100);
  await using store = await LevelStore.open(location);
  for (const [number, each] of handles(acknowledged).entries()) {
    const found = await store.load(each);
    const expected = number % 2 === 1 ? `number ${number}` : undefined;
    expect([number, found?.data]).toEqual([number, expected]);
  }
});
