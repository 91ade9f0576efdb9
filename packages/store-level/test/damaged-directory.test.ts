import { readdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { LevelStore } from "@sess/store-level";
import { expectRefusal } from "./refusal.ts";
import { handle, record, rejection, scratch } from "./scratch.ts";

/** A directory with sessions in tables and in a log. */
async function filled(): Promise<string> {
  const location = scratch();
  for (let round = 0; round < 3; round += 1) {
    await using store = await LevelStore.open(location);
    for (let number = 0; number < 20; number += 1) {
      await store.save(handle(round * 20 + number), record());
    }
  }
  return location;
}

function filesOf(location: string, pattern: RegExp): string[] {
  return readdirSync(location)
    .filter((name) => pattern.test(name))
    .map((name) => join(location, name));
}

test("a directory that lost its CURRENT is STORE_CORRUPT and keeps its files", async () => {
  const location = await filled();
  rmSync(join(location, "CURRENT"));
  const before = readdirSync(location).sort();
  await expectRefusal(location, "STORE_CORRUPT", /CURRENT is missing/);
  expect(readdirSync(location).sort()).toEqual(before);
  for (const table of filesOf(location, /\.ldb$/)) rmSync(table);
  await expectRefusal(location, "STORE_CORRUPT", /CURRENT is missing/);
});

test("a creation that crashed is opened", async () => {
  const location = scratch();
  for (const name of ["LOCK", "LOG", "MANIFEST-000001", "000001.dbtmp"]) {
    writeFileSync(join(location, name), "");
  }
  await using store = await LevelStore.open(location);
  expect(await store.save(handle(1), record())).toBe(true);
});

// LevelDB syncs the first MANIFEST of a directory not at all, and CURRENT names another as soon as
// anything can be written.
test("a creation that a power loss cut short is opened", async () => {
  const location = scratch();
  writeFileSync(join(location, "CURRENT"), "MANIFEST-000001\n");
  for (const name of ["LOCK", "LOG", "MANIFEST-000001", "000003.log"]) {
    writeFileSync(join(location, name), "");
  }
  await using store = await LevelStore.open(location);
  expect(await store.save(handle(1), record())).toBe(true);
});

test.each([
  ["CURRENT empty", (location: string) => truncateSync(join(location, "CURRENT"))],
  [
    "CURRENT naming nothing",
    (location: string) => writeFileSync(join(location, "CURRENT"), "MANIFEST-999999\n"),
  ],
  [
    "CURRENT naming what is no MANIFEST",
    (location: string) => writeFileSync(join(location, "CURRENT"), "MANIGEST-000004\n"),
  ],
  [
    "MANIFEST missing",
    (location: string) =>
      filesOf(location, /^MANIFEST/).forEach((file) => {
        rmSync(file);
      }),
  ],
  [
    "MANIFEST empty",
    (location: string) =>
      filesOf(location, /^MANIFEST/).forEach((file) => {
        truncateSync(file);
      }),
  ],
  [
    "a table missing",
    (location: string) =>
      filesOf(location, /\.ldb$/)
        .slice(0, 1)
        .forEach((file) => {
          rmSync(file);
        }),
  ],
])("%s is STORE_CORRUPT and says what to do", async (_, spoil) => {
  const location = await filled();
  spoil(location);
  await expectRefusal(location, "STORE_CORRUPT", /Restore a backup.*on the copy/);
});

test.each(["sync", "async"] as const)(
  "a table that cannot be read is STORE_CORRUPT for its records alone, and they can be deleted (%s)",
  async (read) => {
    const location = await filled();
    for (const table of filesOf(location, /\.ldb$/)) truncateSync(table, 100);
    await using store = await LevelStore.open(location, { read });
    const corrupt = expect.objectContaining({ code: "STORE_CORRUPT" });
    expect(await rejection(store.load(handle(1)))).toEqual(corrupt);
    const [spoiled, other] = await Promise.allSettled([
      store.save(handle(1), record()),
      store.save("!before-the-table", record()),
    ]);
    expect(spoiled).toEqual({ status: "rejected", reason: corrupt });
    expect(other).toEqual({ status: "fulfilled", value: true });
    expect(await store.delete(handle(1))).toBe(true);
    expect(await store.load(handle(1))).toBeUndefined();
  },
);
