import { randomBytes } from "node:crypto";
import { mkdirSync, statfsSync, writeFileSync } from "node:fs";
import { readdir, rm, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, jest, test } from "@jest/globals";
import { LevelStore } from "@sess/store-level";
import { ClassicLevel } from "classic-level";
import { collect, handle, record, rejection, scratch } from "./scratch.ts";
import { Tmpfs, testOnTmpfs } from "./tmpfs.ts";

afterEach(() => {
  jest.restoreAllMocks();
});

/** Text that LevelDB cannot compress. */
function noise(bytes: number): string {
  return randomBytes(bytes).toString("base64url").slice(0, bytes);
}

/** Saves until the disk is full; what was acknowledged, and what the last one rejected with. */
async function fill(store: LevelStore, first = 0): Promise<{ saved: number; error: unknown }> {
  for (let saved = first; ; saved += 1) {
    const error = await store
      .save(handle(saved), record({ data: noise(8000) }))
      .then(() => undefined)
      .catch((error: unknown) => error);
    if (error !== undefined) return { saved, error };
  }
}

async function expectAll(store: LevelStore, count: number): Promise<void> {
  for (let number = 0; number < count; number += 1) {
    const found = await store.load(handle(number));
    expect([number, found?.data.length]).toEqual([number, 8000]);
  }
}

for (const options of [{ sync: true }, { sync: false }, { read: "async" } as const]) {
  testOnTmpfs(
    `a full disk loses nothing that was acknowledged (${JSON.stringify(options)})`,
    async () => {
      const tmpfs = new Tmpfs("2m");
      const location = join(tmpfs.path, "sessions");
      const store = await LevelStore.open(location, options);

      const { saved, error } = await fill(store);
      expect(saved).toBeGreaterThan(100);
      expect(error).toMatchObject({ code: "STORE_UNAVAILABLE", cause: { code: "LEVEL_IO_ERROR" } });
      expect(String(error)).toContain("outcome is unknown");

      // Still full: nothing is acknowledged, and what is there can be read.
      for (const write of [
        () => store.save(handle(9000), record()),
        () => store.delete(handle(0)),
        () => store.touch(handle(0), Date.now() + 9_000_000),
      ]) {
        const refused = await rejection(write());
        expect(refused).toMatchObject({ code: "STORE_UNAVAILABLE" });
        expect(String(refused)).toMatch(/the disk of .* is full/);
      }
      await expectAll(store, saved);

      tmpfs.remount("size=16m");
      expect(await store.save(handle(9001), record())).toBe(true);
      expect(await store.delete(handle(0))).toBe(true);
      await store.close();

      await using reopened = await LevelStore.open(location);
      expect(await reopened.load(handle(0))).toBeUndefined();
      expect(await reopened.load(handle(9001))).toBeDefined();
      expect(await reopened.save(handle(0), record({ data: noise(8000) }))).toBe(true);
      await expectAll(reopened, saved);
    },
  );
}

for (const sync of [true, false]) {
  testOnTmpfs(`a disk without room for the next table loses nothing (sync: ${sync})`, async () => {
    const tmpfs = new Tmpfs("4m");
    const location = join(tmpfs.path, "sessions");
    const store = await LevelStore.open(location, { sync, writeBufferSize: 256 * 1024 });
    for (let number = 0; number < 24; number += 1) {
      await store.save(handle(number), record({ data: noise(8000) }));
    }
    // The log may grow a little; a table of the 256 KiB in memory finds no room.
    const { bavail, bsize } = statfsSync(tmpfs.path);
    writeFileSync(join(tmpfs.path, "filler"), Buffer.alloc(bavail * bsize - 120 * 1024));
    const { saved, error } = await fill(store, 24);
    expect(error).toMatchObject({ code: "STORE_UNAVAILABLE", cause: { code: "LEVEL_IO_ERROR" } });
    expect(await rejection(store.delete(handle(0)))).toMatchObject({ code: "STORE_UNAVAILABLE" });
    await expectAll(store, saved);

    tmpfs.remount("size=16m");
    expect(await store.delete(handle(0))).toBe(true);
    expect(await store.save(handle(0), record({ data: noise(8000) }))).toBe(true);
    await store.close();
    await using reopened = await LevelStore.open(location);
    await expectAll(reopened, saved);
  });
}

testOnTmpfs("room that is freed on the disk lets writes go on", async () => {
  const tmpfs = new Tmpfs("2m");
  const filler = join(tmpfs.path, "filler");
  await using store = await LevelStore.open(join(tmpfs.path, "sessions"));
  writeFileSync(filler, Buffer.alloc(1_400_000));
  const { saved } = await fill(store);
  await rm(filler);
  expect(await store.save(handle(9000), record())).toBe(true);
  await expectAll(store, saved);
});

testOnTmpfs("a store on a full disk can be closed and opened again", async () => {
  const tmpfs = new Tmpfs("2m");
  const location = join(tmpfs.path, "sessions");
  const store = await LevelStore.open(location);
  const { saved } = await fill(store);
  await store.close();
  expect(await rejection(LevelStore.open(location))).toMatchObject({ code: "STORE_UNAVAILABLE" });
  tmpfs.remount("size=16m");
  await using reopened = await LevelStore.open(location);
  await expectAll(reopened, saved);
});

testOnTmpfs("a database that cannot be reopened is tried again by the next call", async () => {
  const tmpfs = new Tmpfs("2m");
  const location = join(tmpfs.path, "sessions");
  await using store = await LevelStore.open(location);
  const { saved } = await fill(store);
  tmpfs.remount("size=16m");
  const current = join(location, "CURRENT");
  const names = await readdir(location);
  await rm(current);
  expect(await rejection(store.save(handle(9000), record()))).toMatchObject({
    code: "STORE_CORRUPT",
  });
  expect(await rejection(store.load(handle(0)))).toMatchObject({ code: "STORE_CORRUPT" });
  expect(await rejection(collect(store.list()))).toMatchObject({ code: "STORE_CORRUPT" });
  writeFileSync(current, `${names.find((name) => name.startsWith("MANIFEST"))}\n`);
  // All at once: each waits until the database is open again.
  const [listed] = await Promise.all([collect(store.list()), expectAll(store, saved)]);
  expect(listed).toHaveLength(saved);
  expect(await store.save(handle(9000), record())).toBe(true);
});

testOnTmpfs("where the directory is gone, writes say so and reads go on", async () => {
  const tmpfs = new Tmpfs("2m");
  const location = join(tmpfs.path, "sessions");
  await using store = await LevelStore.open(location);
  const { saved } = await fill(store);
  await rm(location, { recursive: true });
  const refused = await rejection(store.save(handle(9000), record()));
  expect(refused).toMatchObject({ code: "STORE_UNAVAILABLE", cause: { code: "ENOENT" } });
  expect(String(refused)).toContain("It does not exist");
  await expectAll(store, saved);
});

test("while a file of its own cannot be synced, writes say so and reads go on", async () => {
  const location = scratch();
  const probe = join(location, "sess-probe");
  await using store = await LevelStore.open(location);
  await store.save(handle(1), record());
  jest.spyOn(ClassicLevel.prototype, "batch").mockImplementationOnce(() => {
    throw new Error("IO error: Input/output error");
  });
  expect(await rejection(store.delete(handle(1)))).toMatchObject({ code: "STORE_UNAVAILABLE" });

  mkdirSync(probe);
  const refused = await rejection(store.delete(handle(1)));
  expect(refused).toMatchObject({ code: "STORE_UNAVAILABLE", cause: { code: "EISDIR" } });
  expect(String(refused)).toContain("Nothing was written: after a failed write");
  expect(await store.load(handle(1))).toBeDefined();

  await rmdir(probe);
  expect(await store.delete(handle(1))).toBe(true);
  expect(await readdir(location)).not.toContain("sess-probe");
});
