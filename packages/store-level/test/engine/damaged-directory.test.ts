import { readdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { LevelStore } from "@sess/store-level";
import { expectCode, handle, handles, record, scratch } from "@sess/test-support";
import { expectRefusal } from "../support/refusal.ts";

/** A directory with sessions in tables and in a log. */
async function filled(): Promise<string> {
  const location = scratch();
  for (let round = 0; round < 3; round += 1) {
    await using store = await LevelStore.open(location);
    for (const each of handles(20, 20 * round)) await store.save(each, record());
  }
  return location;
}

function filesOf(location: string, pattern: RegExp): string[] {
  const names = readdirSync(location).filter((name) => pattern.test(name));
  return names.map((name) => join(location, name));
}

test("a directory that has lost its CURRENT is STORE_CORRUPT and keeps its files", async () => {
  const location = await filled();
  rmSync(join(location, "CURRENT"));
  const before = readdirSync(location).sort();
  await expectRefusal(location, "STORE_CORRUPT", /CURRENT is missing/);
  expect(readdirSync(location).sort()).toEqual(before);
  for (const table of filesOf(location, /\.ldb$/)) rmSync(table);
  await expectRefusal(location, "STORE_CORRUPT", /CURRENT is missing/);
});

test("a directory whose creation crashed can be opened", async () => {
  const location = scratch();
  for (const name of ["LOCK", "LOG", "MANIFEST-000001", "000001.dbtmp"]) {
    writeFileSync(join(location, name), "");
  }
  await using store = await LevelStore.open(location);
  expect(await store.save(handle(1), record())).toBe(true);
});

// LevelDB does not sync the first MANIFEST of a directory, and CURRENT names another as soon as anything
// can be written.
test("a directory whose creation a power loss cut short can be opened", async () => {
  const location = scratch();
  writeFileSync(join(location, "CURRENT"), "MANIFEST-000001\n");
  for (const name of ["LOCK", "LOG", "MANIFEST-000001", "000003.log"]) {
    writeFileSync(join(location, name), "");
  }
  await using store = await LevelStore.open(location);
  expect(await store.save(handle(1), record())).toBe(true);
});

function setCurrent(text: string) {
  return (location: string) => writeFileSync(join(location, "CURRENT"), text);
}

function forEachFile(pattern: RegExp, spoil: (file: string) => void) {
  return (location: string) => {
    for (const file of filesOf(location, pattern)) spoil(file);
  };
}

test.each([
  ["an empty CURRENT", setCurrent("")],
  ["a CURRENT that names nothing", setCurrent("MANIFEST-999999\n")],
  ["a CURRENT that names what is no MANIFEST", setCurrent("MANIGEST-000004\n")],
  ["no MANIFEST", forEachFile(/^MANIFEST/, (file) => rmSync(file))],
  ["an empty MANIFEST", forEachFile(/^MANIFEST/, (file) => truncateSync(file))],
  ["a table missing", (location: string) => rmSync(filesOf(location, /\.ldb$/)[0] ?? "")],
])("a directory with %s is STORE_CORRUPT, and the error says what to do", async (_, spoil) => {
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
    await expectCode(store.load(handle(1)), "STORE_CORRUPT");
    const [damaged, other] = await Promise.allSettled([
      store.save(handle(1), record()),
      store.save("!before-the-table", record()),
    ]);
    expect(damaged).toMatchObject({ status: "rejected", reason: { code: "STORE_CORRUPT" } });
    expect(other).toEqual({ status: "fulfilled", value: true });
    expect(await store.delete(handle(1))).toBe(true);
    expect(await store.load(handle(1))).toBeUndefined();
  },
);
