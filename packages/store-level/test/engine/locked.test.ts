import { cpSync, symlinkSync } from "node:fs";
import { join, relative } from "node:path";
import { expect, test } from "@jest/globals";
import { LevelStore } from "@sess/store-level";
import { bundle, expectCode, handle, Program, record, scratch } from "@sess/test-support";
import { openDirectory } from "../../src/engine/directory.ts";
import { lockDirectory } from "../../src/engine/lock.ts";
import { OwnDatabase } from "../../src/engine/own-database.ts";
import { firstLineOfThread } from "../support/threads.ts";
import { WatchedDatabase } from "../support/watched-database.ts";

const WRITE_BUFFER_SIZE = 65_536;

const external = ["classic-level"];
const hold = bundle(join(__dirname, "../programs/hold.ts"), { external });
const cluster = bundle(join(__dirname, "../programs/cluster.ts"));

/** What another process meets that opens the store; it ends with the test. */
function openElsewhere(...args: string[]): Promise<string> {
  return Program.node(hold, args).line();
}

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
    await expectCode(LevelStore.open(spelling), "STORE_LOCKED");
  }
  expect(await store.save(handle(1), record())).toBe(true);
});

test("of many that open a directory at the same time, one gets it", async () => {
  const location = join(scratch(), "new");
  const outcomes = await Promise.allSettled(
    Array.from({ length: 12 }, () => LevelStore.open(location)),
  );
  const opened = outcomes.filter((outcome) => outcome.status === "fulfilled");
  expect(opened).toHaveLength(1);
  for (const outcome of outcomes) {
    if (outcome.status === "rejected")
      expect(outcome.reason).toMatchObject({ code: "STORE_LOCKED" });
  }
  for (const { value } of opened) await value.close();
});

test("another process is refused, even after opens that failed here", async () => {
  const location = scratch();
  await using store = await LevelStore.open(location);
  for (const spelling of spellings(location)) {
    await expectCode(LevelStore.open(spelling), "STORE_LOCKED");
  }
  expect(await openElsewhere(location)).toBe("STORE_LOCKED");
  expect(await store.save(handle(1), record())).toBe(true);
});

test("a thread of the same process is refused, and leaves the lock alone", async () => {
  const location = scratch();
  await using store = await LevelStore.open(location);
  expect(await firstLineOfThread(hold, [location])).toBe("STORE_LOCKED");
  expect(await openElsewhere(location)).toBe("STORE_LOCKED");
  expect(await store.save(handle(1), record())).toBe(true);
});

test("a process that has it open locks this one out, until it is killed", async () => {
  const location = scratch();
  const owner = Program.node(hold, [location]);
  expect(await owner.line()).toBe("open");
  await expectCode(LevelStore.open(location), "STORE_LOCKED");
  await owner.kill();
  await using store = await LevelStore.open(location);
  expect(await store.save(handle(1), record())).toBe(true);
});

test("a closed store, and one that failed to open, leave the directory free", async () => {
  const location = scratch();
  await (await LevelStore.open(location)).close();
  const current = join(location, "CURRENT");
  cpSync(current, `${current}.kept`);
  cpSync(join(location, "LOCK"), current);
  await expectCode(LevelStore.open(location), "STORE_CORRUPT");
  cpSync(`${current}.kept`, current);
  expect(await openElsewhere(location)).toBe("open");
});

const testOnLinux = process.platform === "linux" ? test : test.skip;

testOnLinux(
  "copying the open directory, which frees LevelDB's lock, lets no other process in",
  async () => {
    const location = scratch();
    await using store = await LevelStore.open(location);
    cpSync(location, join(scratch(), "copy"), { recursive: true });
    expect(await openElsewhere(location)).toBe("STORE_LOCKED");
    expect(await store.save(handle(1), record())).toBe(true);
  },
);

testOnLinux("the workers of a cluster do not share a lock", async () => {
  expect(await Program.node(cluster, [scratch()]).line()).toBe("locked refused");
});

test.each(["name", "file"] as const)(
  "a lock by %s is held once, and can be taken again",
  async (kind) => {
    const directory = await openDirectory(scratch());
    for (let round = 0; round < 3; round += 1) {
      const lock = await lockDirectory(directory, kind);
      await expectCode(lockDirectory(directory, kind), "STORE_LOCKED");
      await lock.release();
      await lock.release();
    }
  },
);

const testOnPosix = process.platform === "win32" ? test.skip : test;

testOnPosix(
  "a lock by file sees other spellings, threads and processes, and no crashed owner",
  async () => {
    const location = scratch();
    const open = (spelling: string) => OwnDatabase.at(spelling, WRITE_BUFFER_SIZE, "file");
    const owner = Program.node(hold, [location, "file"]);
    expect(await owner.line()).toBe("open");
    await expectCode(open(location), "STORE_LOCKED");
    await owner.kill();

    const database = await open(location);
    for (const spelling of spellings(location)) await expectCode(open(spelling), "STORE_LOCKED");
    expect(await firstLineOfThread(hold, [location, "file"])).toBe("STORE_LOCKED");
    expect(await openElsewhere(location, "file")).toBe("STORE_LOCKED");
    await database.release();
    await (await open(location)).release();
  },
);

test("a second store over the same keys of a database is refused", async () => {
  const { raw } = await WatchedDatabase.open();
  const store = new LevelStore(raw);
  expect(() => new LevelStore(raw)).toThrow("Another LevelStore uses this database");
  const [sublevel, again] = [raw.sublevel("one"), raw.sublevel("one")];
  await Promise.all([sublevel.open(), again.open()]);
  new LevelStore(sublevel);
  expect(() => new LevelStore(again)).toThrow("Another LevelStore uses this database");
  await store.close();
  expect(await new LevelStore(raw).save(handle(1), record())).toBe(true);
});
