import { once } from "node:events";
import { cpSync, readFileSync, statSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { createServer } from "node:net";
import { join, relative } from "node:path";
import { Worker } from "node:worker_threads";
import { expect, test } from "@jest/globals";
import { LevelStore } from "@sess/store-level";
import {
  afterTest,
  bundle,
  expectCode,
  handle,
  Program,
  record,
  scratch,
} from "@sess/test-support";
import { firstLine, firstLineOfThread } from "../support/threads.ts";
import { WatchedDatabase } from "../support/watched-database.ts";

const testOnLinux = process.platform === "linux" ? test : test.skip;
const testOnPosix = process.platform === "win32" ? test.skip : test;

const external = ["classic-level"];
const hold = bundle(join(__dirname, "../programs/hold.ts"), { external });
const cluster = bundle(join(__dirname, "../programs/cluster.ts"), { external });

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

test("a thread that was stopped locks nobody out", async () => {
  const location = scratch();
  const thread = new Worker(hold, { argv: [location], stdout: true });
  expect(await firstLine(thread)).toBe("open");
  await expectCode(LevelStore.open(location), "STORE_LOCKED");
  await thread.terminate();
  await using store = await LevelStore.open(location);
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

testOnLinux("an owner that copied the directory locks nobody out once it is killed", async () => {
  const location = scratch();
  const owner = Program.node(hold, [location, "copy"]);
  expect(await owner.line()).toBe("open");
  await expectCode(LevelStore.open(location), "STORE_LOCKED");
  await owner.kill();
  await using store = await LevelStore.open(location);
  expect(await store.save(handle(1), record())).toBe(true);
});

testOnLinux("the workers of a cluster do not share a lock", async () => {
  expect(await Program.node(cluster, [scratch()]).line()).toBe("open refused");
});

test("of many threads that open a directory at the same time, one gets it", async () => {
  const location = join(scratch(), "new");
  const outcomes = await Promise.all(
    Array.from({ length: 6 }, () => firstLineOfThread(hold, [location])),
  );
  expect(outcomes.sort()).toEqual([...Array(5).fill("STORE_LOCKED"), "open"]);
});

test("a path may be longer than the name of a socket", async () => {
  const location = join(scratch(), "long".repeat(40), "longer".repeat(30));
  await using store = await LevelStore.open(location);
  await expectCode(LevelStore.open(location), "STORE_LOCKED");
  expect(await openElsewhere(location)).toBe("STORE_LOCKED");
  expect(await store.save(handle(1), record())).toBe(true);
});

testOnPosix("the lock is a file in the directory, which only its owner may open", async () => {
  const location = scratch();
  await using _ = await LevelStore.open(location);
  expect(statSync(join(location, "sess.lock")).mode & 0o777).toBe(0o600);
});

testOnLinux("a name that somebody else took keeps no store out", async () => {
  const location = scratch();
  const { dev, ino } = statSync(location);
  const squatter = createServer();
  squatter.listen(`\0sess-level-${dev}-${ino}`);
  await once(squatter, "listening");
  afterTest(() => squatter.close());
  await using store = await LevelStore.open(location);
  expect(await store.save(handle(1), record())).toBe(true);
});

test("who only has the lock's file open, as a backup does, keeps no store out", async () => {
  const location = scratch();
  await (await LevelStore.open(location)).close();
  const backup = await open(join(location, "sess.lock"));
  expect(await openElsewhere(location)).toBe("open");
  await backup.close();
});

test("a store acknowledges nothing once another process left its mark, which it leaves in place", async () => {
  const location = scratch();
  const file = join(location, "sess.lock");
  const store = await LevelStore.open(location);
  const saved = record();
  expect(await store.save(handle(1), saved)).toBe(true);
  utimesSync(file, 1, 1);
  expect(await store.save(handle(2), saved)).toBe(true);
  writeFileSync(file, "process 1\n");
  const { message } = await expectCode(store.save(handle(3), saved), "STORE_LOCKED");
  expect(message).toContain(`Another process has opened the directory ${location}`);
  await expectCode(store.save(handle(4), saved), "STORE_LOCKED");
  expect(await store.load(handle(1))).toEqual(saved);
  await store.close();
  expect(readFileSync(file, "utf8")).toBe("process 1\n");
});

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
