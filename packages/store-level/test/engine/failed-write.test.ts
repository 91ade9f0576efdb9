import { randomBytes } from "node:crypto";
import { mkdirSync, statfsSync, writeFileSync } from "node:fs";
import { readdir, rm, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, jest, test } from "@jest/globals";
import { LevelStore } from "@sess/store-level";
import {
  collect,
  expectCode,
  handle,
  handles,
  record,
  SmallDisk,
  scratch,
} from "@sess/test-support";
import { ClassicLevel } from "classic-level";
import { testOnSmallDisk } from "../support/small-disks.ts";

afterEach(() => {
  jest.restoreAllMocks();
});

const DATA_SIZE = 8_000;

/** A record whose data LevelDB cannot compress. */
function incompressible() {
  const data = randomBytes(DATA_SIZE).toString("base64url").slice(0, DATA_SIZE);
  return record({ data });
}

/** Saves until the disk is full; resolves to how many are there then, and to what the last one met. */
async function fill(store: LevelStore, first = 0): Promise<{ saved: number; error: unknown }> {
  for (let saved = first; ; saved += 1) {
    try {
      await store.save(handle(saved), incompressible());
    } catch (error) {
      return { saved, error };
    }
  }
}

async function expectAll(store: LevelStore, count: number): Promise<void> {
  for (const each of handles(count)) {
    const found = await store.load(each);
    expect([each, found?.data.length]).toEqual([each, DATA_SIZE]);
  }
}

const ioError = { code: "STORE_UNAVAILABLE", cause: { code: "LEVEL_IO_ERROR" } };

for (const options of [{ sync: true }, { sync: false }, { read: "async" } as const]) {
  testOnSmallDisk(
    `a full disk loses nothing that was acknowledged (${JSON.stringify(options)})`,
    async () => {
      const disk = new SmallDisk({ size: "2m" });
      const location = join(disk.path, "sessions");
      const store = await LevelStore.open(location, options);

      const { saved, error } = await fill(store);
      expect(saved).toBeGreaterThan(100);
      expect(error).toMatchObject(ioError);
      expect(String(error)).toMatch(/unknown outcome.*The disk is full/);

      // It is still full: nothing is acknowledged, and what is there can be read.
      for (const write of [
        () => store.save(handle(9_000), record()),
        () => store.delete(handle(0)),
        () => store.touch(handle(0), Date.now() + 9_000_000),
      ]) {
        const refused = await expectCode(write, "STORE_UNAVAILABLE");
        expect(refused.message).toMatch(/the disk of .* is full/);
      }
      await expectAll(store, saved);

      disk.remount("size=16m");
      expect(await store.save(handle(9_001), record())).toBe(true);
      expect(await store.delete(handle(0))).toBe(true);
      await store.close();

      await using reopened = await LevelStore.open(location);
      expect(await reopened.load(handle(0))).toBeUndefined();
      expect(await reopened.load(handle(9_001))).toBeDefined();
      expect(await reopened.save(handle(0), incompressible())).toBe(true);
      await expectAll(reopened, saved);
    },
  );
}

for (const sync of [true, false]) {
  testOnSmallDisk(
    `a disk without room for the next table loses nothing (sync: ${sync})`,
    async () => {
      const disk = new SmallDisk({ size: "4m" });
      const location = join(disk.path, "sessions");
      const store = await LevelStore.open(location, { sync, writeBufferSize: 256 * 1024 });
      for (const each of handles(24)) await store.save(each, incompressible());
      // The log may still grow a little, but there is no room for a table of the 256 KiB in memory.
      const { bavail, bsize } = statfsSync(disk.path);
      writeFileSync(join(disk.path, "filler"), Buffer.alloc(bavail * bsize - 120 * 1024));
      const { saved, error } = await fill(store, 24);
      expect(error).toMatchObject(ioError);
      await expectCode(store.delete(handle(0)), "STORE_UNAVAILABLE");
      await expectAll(store, saved);

      disk.remount("size=16m");
      expect(await store.delete(handle(0))).toBe(true);
      expect(await store.save(handle(0), incompressible())).toBe(true);
      await store.close();
      await using reopened = await LevelStore.open(location);
      await expectAll(reopened, saved);
    },
  );
}

testOnSmallDisk("writes go on when room is freed on the disk", async () => {
  const disk = new SmallDisk({ size: "2m" });
  const filler = join(disk.path, "filler");
  await using store = await LevelStore.open(join(disk.path, "sessions"));
  writeFileSync(filler, Buffer.alloc(1_400_000));
  const { saved } = await fill(store);
  await rm(filler);
  expect(await store.save(handle(9_000), record())).toBe(true);
  await expectAll(store, saved);
});

testOnSmallDisk("a store on a full disk can be closed and opened again", async () => {
  const disk = new SmallDisk({ size: "2m" });
  const location = join(disk.path, "sessions");
  const store = await LevelStore.open(location);
  const { saved } = await fill(store);
  await store.close();
  await expectCode(LevelStore.open(location), "STORE_UNAVAILABLE");
  disk.remount("size=16m");
  await using reopened = await LevelStore.open(location);
  await expectAll(reopened, saved);
});

testOnSmallDisk(
  "the next call tries again to open a database that could not be opened",
  async () => {
    const disk = new SmallDisk({ size: "2m" });
    const location = join(disk.path, "sessions");
    await using store = await LevelStore.open(location);
    const { saved } = await fill(store);
    disk.remount("size=16m");
    const current = join(location, "CURRENT");
    const names = await readdir(location);
    await rm(current);
    await expectCode(store.save(handle(9_000), record()), "STORE_CORRUPT");
    await expectCode(store.load(handle(0)), "STORE_CORRUPT");
    await expectCode(collect(store.list()), "STORE_CORRUPT");
    writeFileSync(current, `${names.find((name) => name.startsWith("MANIFEST"))}\n`);
    // All at once: each waits until the database is open again.
    const [listed] = await Promise.all([collect(store.list()), expectAll(store, saved)]);
    expect(listed).toHaveLength(saved);
    expect(await store.save(handle(9_000), record())).toBe(true);
  },
);

testOnSmallDisk("writes say that the directory is gone, and reads go on", async () => {
  const disk = new SmallDisk({ size: "2m" });
  const location = join(disk.path, "sessions");
  await using store = await LevelStore.open(location);
  const { saved } = await fill(store);
  await rm(location, { recursive: true });
  const refused = await expectCode(store.save(handle(9_000), record()), "STORE_UNAVAILABLE");
  expect(refused.message).toContain(
    `Nothing was written to LevelDB: the directory ${location} was`,
  );
  await expectAll(store, saved);
});

test("writes say that a file of the store's own cannot be synced, and reads go on", async () => {
  const location = scratch();
  const probe = join(location, "sess-probe");
  await using store = await LevelStore.open(location);
  await store.save(handle(1), record());
  jest.spyOn(ClassicLevel.prototype, "batch").mockImplementationOnce(() => {
    throw new Error("IO error: Input/output error");
  });
  await expectCode(store.delete(handle(1)), "STORE_UNAVAILABLE");

  mkdirSync(probe);
  const refused = await expectCode(store.delete(handle(1)), "STORE_UNAVAILABLE");
  expect(refused.message).toContain("Nothing was written to LevelDB: after a failed write");
  expect(refused.cause).toMatchObject({ code: "EISDIR" });
  expect(await store.load(handle(1))).toBeDefined();

  await rmdir(probe);
  expect(await store.delete(handle(1))).toBe(true);
  expect(await readdir(location)).not.toContain("sess-probe");
});
