import { cpSync, symlinkSync } from "node:fs";
import { join, relative } from "node:path";
import { expect, test } from "@jest/globals";
import { LevelStore } from "@sess/store-level";
import { openDirectory } from "../src/directory.ts";
import { lockDirectory } from "../src/lock.ts";
import { OwnDatabase } from "../src/own-database.ts";
import { firstLine, killed, start, startThread } from "./running.ts";
import { handle, record, rejection, scratch } from "./scratch.ts";
import { watched } from "./watched.ts";

const locked = expect.objectContaining({ code: "STORE_LOCKED" });

/** Every way to say the same directory. */
function spellings(location: string): string[] {
  const link = join(scratch(), "link");
  symlinkSync(location, link);
  return [
    location,
    `${location}/`,
    `${location}/../${location.split("/").at(-1)}/.`,
    relative(process.cwd(), location),
    link,
  ];
}

test("a second open in the same process is refused, whatever the spelling", async () => {
  const location = scratch();
  await using store = await LevelStore.open(location);
  for (const spelling of spellings(location)) {
    expect(await rejection(LevelStore.open(spelling))).toEqual(locked);
  }
  expect(await store.save(handle(1), record())).toBe(true);
});

test("of many that open at the same time one gets it", async () => {
  const location = join(scratch(), "new");
  const outcomes = await Promise.allSettled(
    Array.from({ length: 12 }, () => LevelStore.open(location)),
  );
  const opened = outcomes.filter((outcome) => outcome.status === "fulfilled");
  expect(opened).toHaveLength(1);
  for (const outcome of outcomes) {
    if (outcome.status === "rejected") expect(outcome.reason).toEqual(locked);
  }
  for (const { value } of opened) await value.close();
});

test("another process is refused, also after opens that failed here", async () => {
  const location = scratch();
  await using store = await LevelStore.open(location);
  for (const spelling of spellings(location)) await rejection(LevelStore.open(spelling));
  expect(await firstLine(start("hold.ts", location))).toBe("STORE_LOCKED");
  expect(await store.save(handle(1), record())).toBe(true);
});

test("a thread of the same process is refused, and leaves the lock alone", async () => {
  const location = scratch();
  await using store = await LevelStore.open(location);
  expect(await firstLine(startThread("hold.ts", location))).toBe("STORE_LOCKED");
  expect(await firstLine(start("hold.ts", location))).toBe("STORE_LOCKED");
  expect(await store.save(handle(1), record())).toBe(true);
});

test("a process that has it open locks this one out, until it is killed", async () => {
  const location = scratch();
  const owner = start("hold.ts", location);
  expect(await firstLine(owner)).toBe("open");
  expect(await rejection(LevelStore.open(location))).toEqual(locked);
  await killed(owner);
  await using store = await LevelStore.open(location);
  expect(await store.save(handle(1), record())).toBe(true);
});

test("a closed store, and one that failed to open, leave the directory free", async () => {
  const location = scratch();
  await (await LevelStore.open(location)).close();
  const damaged = join(location, "CURRENT");
  cpSync(damaged, `${damaged}.kept`);
  cpSync(join(location, "LOCK"), damaged);
  expect(await rejection(LevelStore.open(location))).toMatchObject({ code: "STORE_CORRUPT" });
  cpSync(`${damaged}.kept`, damaged);
  const owner = start("hold.ts", location);
  expect(await firstLine(owner)).toBe("open");
});

const testOnLinux = process.platform === "linux" ? test : test.skip;

testOnLinux(
  "copying the open directory, which frees LevelDB's lock, lets no other process in",
  async () => {
    const location = scratch();
    await using store = await LevelStore.open(location);
    cpSync(location, join(scratch(), "copy"), { recursive: true });
    expect(await firstLine(start("hold.ts", location))).toBe("STORE_LOCKED");
    expect(await store.save(handle(1), record())).toBe(true);
  },
);

testOnLinux("the workers of a cluster do not share a lock", async () => {
  expect(await firstLine(start("cluster.ts", scratch()))).toBe("locked refused");
});

test.each(["name", "file"] as const)(
  "a lock by %s is held once and can be taken again",
  async (kind) => {
    const directory = await openDirectory(scratch());
    for (let round = 0; round < 3; round += 1) {
      const lock = await lockDirectory(directory, kind);
      expect(await rejection(lockDirectory(directory, kind))).toEqual(locked);
      await lock.release();
    }
  },
);

const testOnPosix = process.platform === "win32" ? test.skip : test;

testOnPosix(
  "a lock by file sees other spellings, threads and processes, and no crashed owner",
  async () => {
    const location = scratch();
    const owner = start("hold.ts", location, "file");
    expect(await firstLine(owner)).toBe("open");
    expect(await rejection(OwnDatabase.at(location, 65536, "file"))).toEqual(locked);
    await killed(owner);

    const database = await OwnDatabase.at(location, 65536, "file");
    for (const spelling of spellings(location)) {
      expect(await rejection(OwnDatabase.at(spelling, 65536, "file"))).toEqual(locked);
    }
    expect(await firstLine(startThread("hold.ts", location, "file"))).toBe("STORE_LOCKED");
    expect(await firstLine(start("hold.ts", location, "file"))).toBe("STORE_LOCKED");
    await database.release();
    await (await OwnDatabase.at(location, 65536, "file")).release();
  },
);

test("a second store over the same keys of a database is refused", async () => {
  const { raw } = await watched();
  const store = new LevelStore(raw);
  expect(() => new LevelStore(raw)).toThrow("Another LevelStore uses this database");
  const sublevel = raw.sublevel("one");
  const again = raw.sublevel("one");
  await Promise.all([sublevel.open(), again.open()]);
  new LevelStore(sublevel);
  expect(() => new LevelStore(again)).toThrow("Another LevelStore uses this database");
  await store.close();
  expect(await new LevelStore(raw).save(handle(1), record())).toBe(true);
});
