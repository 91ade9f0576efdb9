import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { LevelStore } from "@sess/store-level";
import { expectCode, handle, record, SmallDisk, scratch } from "@sess/test-support";
import { ClassicLevel } from "classic-level";
import { expectRefusal } from "../support/refusal.ts";
import { testOnSmallDisk } from "../support/small-disks.ts";

test("a directory is made with its ancestors, for its owner alone", async () => {
  const base = scratch();
  const location = join(base, "a", "b", "c");
  await using store = await LevelStore.open(location);
  expect(await store.save(handle(1), record())).toBe(true);
  expect(statSync(location).mode & 0o777).toBe(0o700);
  expect(statSync(join(base, "a")).mode & 0o777).toBe(0o777 & ~process.umask());
});

test("a directory that exists keeps its mode", async () => {
  const location = scratch();
  chmodSync(location, 0o750);
  await using _ = await LevelStore.open(location);
  expect(statSync(location).mode & 0o777).toBe(0o750);
});

test("a location that cannot be a path is INVALID_OPTION", async () => {
  for (const location of ["", "a\0b", 7, undefined, null, {}]) {
    // @ts-expect-error: what JavaScript could pass
    const error = await expectCode(LevelStore.open(location), "INVALID_OPTION");
    expect(error.message).toContain("the location must be the path of a directory, without NUL");
  }
  await expectRefusal(join(scratch(), "x".repeat(300)), "INVALID_OPTION", /shorter/);
});

test("options that are unknown or out of range are INVALID_OPTION, and nothing is made", async () => {
  const location = join(scratch(), "never");
  for (const options of [
    { sync: 1 },
    { read: "fast" },
    { writeBufferSize: 1_000 },
    { writeBufferSize: 2 ** 31 },
    { writeBufferSize: 1e6 + 0.5 },
    { writeBufferSize: "16m" },
    { cacheSize: 1 },
    null,
    7,
  ]) {
    // @ts-expect-error: what JavaScript could pass
    await expectCode(LevelStore.open(location, options), "INVALID_OPTION");
  }
  expect(() => statSync(location)).toThrow("ENOENT");
});

test("the options of a store may be undefined", async () => {
  const options: object = { sync: undefined, read: undefined, writeBufferSize: undefined };
  await using store = await LevelStore.open(scratch(), options);
  expect(await store.save(handle(1), record())).toBe(true);
});

test("what is no open database, and an option that belongs to open(), are INVALID_OPTION", async () => {
  for (const db of [undefined, null, {}, "location", new Map()]) {
    // @ts-expect-error: what JavaScript could pass
    await expectCode(() => new LevelStore(db), "INVALID_OPTION");
  }
  const db = new ClassicLevel(scratch());
  const { message } = await expectCode(() => new LevelStore(db), "INVALID_OPTION");
  expect(message).toContain("must be open, not opening. Await db.open() first");
  await db.open();
  // @ts-expect-error: writeBufferSize belongs to open()
  await expectCode(() => new LevelStore(db, { writeBufferSize: 65_536 }), "INVALID_OPTION");
  await db.close();
});

test("a path passed to the constructor is pointed to LevelStore.open, a promise to await", async () => {
  const passed: [unknown, string][] = [
    ["./sessions", 'not "./sessions".'],
    [LevelStore.open(scratch()), "not a promise: await it."],
  ];
  for (const [db, what] of passed) {
    // @ts-expect-error: what JavaScript could pass
    const { message } = await expectCode(() => new LevelStore(db), "INVALID_OPTION");
    expect(message).toContain("for a directory, use await LevelStore.open(path)");
    expect(message).toContain(what);
    if (db instanceof Promise) await (await db).close();
  }
});

test("a file in place of the directory, or above it, is STORE_UNAVAILABLE", async () => {
  const file = join(scratch(), "file");
  writeFileSync(file, "");
  await expectRefusal(file, "STORE_UNAVAILABLE", /file is in the way/);
  await expectRefusal(join(file, "sessions"), "STORE_UNAVAILABLE", /file is in the way/);
});

test("a dangling link is STORE_UNAVAILABLE", async () => {
  const link = join(scratch(), "link");
  symlinkSync("/nowhere/at/all", link);
  await expectRefusal(link, "STORE_UNAVAILABLE", /link dangling/);
  await expectRefusal(join(link, "sessions"), "STORE_UNAVAILABLE", /link dangling/);
});

const testOnLinux = process.platform === "linux" ? test : test.skip;

testOnLinux(
  "a place where no directory can be made is STORE_UNAVAILABLE, and does not hang",
  async () => {
    await expectRefusal("/proc/sess/sessions", "STORE_UNAVAILABLE", /cannot be made/);
  },
);

/** Runs with the rights of nobody if this process has all rights. */
async function withoutRights(run: () => Promise<void>): Promise<void> {
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) process.seteuid?.(65_534);
  try {
    await run();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}

const testOnPosix = process.platform === "win32" ? test.skip : test;

testOnPosix("a directory that this process may not use is STORE_UNAVAILABLE", async () => {
  const above = scratch();
  chmodSync(above, 0o555);
  const location = mkdtempSync(join(tmpdir(), "sess-level-"));
  await (await LevelStore.open(location)).close();
  const files = readdirSync(location).map((name) => join(location, name));
  for (const path of [location, ...files]) chmodSync(path, 0o555);
  await withoutRights(async () => {
    await expectRefusal(join(above, "sessions"), "STORE_UNAVAILABLE", /may not use it/);
    await expectRefusal(location, "STORE_UNAVAILABLE", /may not use it/);
  });
  chmodSync(location, 0o000);
  await withoutRights(() => expectRefusal(location, "STORE_UNAVAILABLE", /may not use it/));
  chmodSync(location, 0o700);
  rmSync(location, { recursive: true });
});

testOnSmallDisk("a file system that is read-only is STORE_UNAVAILABLE", async () => {
  const disk = new SmallDisk({ size: "2m" });
  const location = join(disk.path, "sessions");
  await (await LevelStore.open(location)).close();
  disk.remount("ro");
  await expectRefusal(location, "STORE_UNAVAILABLE", /read-only/);
  await expectRefusal(join(disk.path, "other"), "STORE_UNAVAILABLE", /read-only/);
});
