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
import { ClassicLevel } from "classic-level";
import { expectRefusal } from "./refusal.ts";
import { handle, record, rejection, scratch } from "./scratch.ts";
import { Tmpfs, testOnTmpfs } from "./tmpfs.ts";

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

test("a location that makes no sense is INVALID_OPTION", async () => {
  for (const location of ["", "a\0b", 7, undefined, null, {}]) {
    // @ts-expect-error: what JavaScript could pass
    const error = await rejection(LevelStore.open(location));
    expect(error).toMatchObject({ code: "INVALID_OPTION" });
  }
  await expectRefusal(join(scratch(), "x".repeat(300)), "INVALID_OPTION", /shorter/);
});

test("options that make no sense are INVALID_OPTION, and nothing is made", async () => {
  const location = join(scratch(), "never");
  for (const options of [
    { sync: 1 },
    { read: "fast" },
    { writeBufferSize: 1000 },
    { writeBufferSize: 2 ** 31 },
    { writeBufferSize: 1e6 + 0.5 },
    { writeBufferSize: "16m" },
    { cacheSize: 1 },
    null,
    7,
  ]) {
    // @ts-expect-error: what JavaScript could pass
    const error = await rejection(LevelStore.open(location, options));
    expect(error).toMatchObject({ code: "INVALID_OPTION" });
  }
  expect(() => statSync(location)).toThrow("ENOENT");
});

test("a database that is not open, or an option that belongs to open(), is INVALID_OPTION", async () => {
  const db = new ClassicLevel(scratch());
  const invalid = expect.objectContaining({ code: "INVALID_OPTION" });
  expect(() => new LevelStore(db)).toThrow(invalid);
  await db.open();
  // @ts-expect-error: writeBufferSize belongs to open()
  expect(() => new LevelStore(db, { writeBufferSize: 65536 })).toThrow(invalid);
  await db.close();
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

/** Runs with the rights of nobody where this process has all rights. */
async function withoutRights(run: () => Promise<void>): Promise<void> {
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) process.seteuid?.(65534);
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
  for (const path of [location, ...readdirSync(location).map((name) => join(location, name))])
    chmodSync(path, 0o555);
  await withoutRights(async () => {
    await expectRefusal(join(above, "sessions"), "STORE_UNAVAILABLE", /may not use it/);
    await expectRefusal(location, "STORE_UNAVAILABLE", /may not use it/);
  });
  chmodSync(location, 0o000);
  await withoutRights(() => expectRefusal(location, "STORE_UNAVAILABLE", /may not use it/));
  chmodSync(location, 0o700);
  rmSync(location, { recursive: true });
});

testOnTmpfs("a file system that is read-only is STORE_UNAVAILABLE", async () => {
  const tmpfs = new Tmpfs("2m");
  const location = join(tmpfs.path, "sessions");
  await (await LevelStore.open(location)).close();
  tmpfs.remount("ro");
  await expectRefusal(location, "STORE_UNAVAILABLE", /read-only/);
  await expectRefusal(join(tmpfs.path, "other"), "STORE_UNAVAILABLE", /read-only/);
});
